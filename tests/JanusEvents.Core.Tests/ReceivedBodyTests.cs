using System.Security.Cryptography;
using System.Text;

namespace JanusEvents.Core.Tests;

public sealed class ReceivedBodyTests
{
    private static readonly JanusEventParser s_parser = new();

    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Its_hash_is_SHA_256_of_its_bytes(string body, string hash) =>
        Convert.ToHexStringLower(Received(Encoding.UTF8.GetBytes(body)).Hash.Span).Should().Be(hash);

    [Fact]
    public void Its_hash_covers_every_byte_of_it_and_nothing_around_it()
    {
        var buffer = Encoding.UTF8.GetBytes("xx[{\"type\":1}]\0yy");

        Received(buffer.AsMemory()[2..^2]).Hash.ToArray().Should().Equal(SHA256.HashData(buffer.AsSpan()[2..^2]));
        Received(buffer.AsMemory()[2..^3]).Hash.ToArray().Should().NotEqual(Received(buffer.AsMemory()[2..^2]).Hash.ToArray());
    }

    [Fact]
    public void It_holds_what_the_parser_found_and_whence_it_came()
    {
        var json = Encoding.UTF8.GetBytes("[{\"type\":1},5]");
        var parsed = s_parser.Parse(json);
        var arrived = DateTimeOffset.UnixEpoch.AddDays(20_000);

        ReceivedBody body = new(json, parsed, arrived, "192.0.2.7");

        body.Json.ToArray().Should().Equal(json);
        body.Events.Should().Equal(parsed.Events).And.ContainSingle();
        body.Rejected.Should().Equal(parsed.Rejected).And.ContainSingle();
        body.ArrivedAt.Should().Be(arrived);
        body.RemoteAddress.Should().Be("192.0.2.7");
    }

    private static ReceivedBody Received(ReadOnlyMemory<byte> json) => new(json, s_parser.Parse(json), DateTimeOffset.UnixEpoch, null);
}
