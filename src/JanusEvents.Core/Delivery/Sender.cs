namespace JanusEvents.Delivery;

/// <summary>A server, as far as its bodies identify it.</summary>
internal readonly record struct Sender(string? Address, string? Emitter)
{
    public static Sender Of(ReceivedBody body) => new(body.RemoteAddress, body.Events.Count > 0 ? body.Events[0].Emitter : null);

    public override string ToString() => $"{Address ?? "an unknown address"}, {Emitter ?? "no emitter"}";
}
