using System.Text;
using System.Text.Json;

namespace JanusEvents.Testing.Tests;

public sealed class CapturesTests
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 10_000 };

    [Theory]
    [MemberData(nameof(Captures.All), MemberType = typeof(Captures))]
    public void The_events_of_a_capture_are_those_of_its_bodies(string capture)
    {
        var inBodies = Captures.Bodies(capture).Sum(body =>
        {
            using var json = JsonDocument.Parse(body.Json, Deep);
            return json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.GetArrayLength() : 1;
        });

        Captures.Events(capture).Should().HaveCount(inBodies);
    }

    [Fact]
    public void Every_capture_of_the_repository_is_listed()
    {
        Captures.Names.Should().HaveCountGreaterThanOrEqualTo(20).And.Contain(["02-echotest", "08-compress", "12-load"]);
    }

    [Fact]
    public void The_load_capture_has_4703_bodies_in_order_of_arrival()
    {
        var names = Captures.Bodies("12-load").Select(b => b.FileName).ToList();

        names.Should().HaveCount(4703).And.BeInAscendingOrder(StringComparer.Ordinal);
        names[0].Should().Be("post-0001.json");
    }

    [Fact]
    public void A_compressed_body_has_its_gzip_bytes_and_its_JSON()
    {
        var body = Captures.Body("08-compress", "post-0001.json.gz");

        body.IsGzip.Should().BeTrue();
        body.Bytes.Should().HaveCount(142).And.StartWith([0x1f, 0x8b]);
        Encoding.UTF8.GetString(body.Json).Should().StartWith("[{\"emitter\":");
    }

    [Fact]
    public void The_messages_of_the_WebSocket_handler_are_bodies_too()
    {
        Captures.Bodies("10-wsevh").Should().HaveCount(60);
    }
}
