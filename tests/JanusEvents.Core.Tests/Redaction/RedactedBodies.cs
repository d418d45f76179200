using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Redaction;

/// <summary>What a sink gets of bodies that went through the delivery.</summary>
internal static class RedactedBodies
{
    private static readonly TimeSpan s_limit = Wait.Limit;
    private static readonly JanusEventParser s_parser = new();

    public const string Key = "a key of enough characters";

    /// <summary>Every kind is taken out.</summary>
    public static void Everything(RedactionOptions secrets, AddressRedaction addresses)
    {
        secrets.Tokens = secrets.IcePasswords = secrets.SipAuthorization = true;
        secrets.Addresses = addresses;
        secrets.AddressKey = Key;
    }

    /// <summary>A body as a door makes it.</summary>
    public static ReceivedBody Received(byte[] json) => new(json, s_parser.Parse(json), DateTimeOffset.UnixEpoch, "192.0.2.1");

    /// <summary>The body as a sink gets it.</summary>
    public static async Task<ReceivedBody> OfAsync(ReceivedBody body, Action<RedactionOptions> secrets)
    {
        List<ReceivedBody> got = [];
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.AddSink((batch, _) =>
            {
                got.AddRange(batch.Bodies);
                return ValueTask.CompletedTask;
            }),
            options => secrets(options.Redaction));
        (await host.DeliverAsync(body).WaitAsync(s_limit)).Should().BeTrue();
        return got.Should().ContainSingle().Subject;
    }

    /// <summary>One event as a sink gets it.</summary>
    public static async Task<string> OfAsync(string json, Action<RedactionOptions> secrets)
    {
        ReceivedBody body = await OfAsync(Received(Encoding.UTF8.GetBytes($"[{json}]")), secrets);
        body.Rejected.Should().BeEmpty();
        return body.Events.Should().ContainSingle().Subject.Json.ToString();
    }
}
