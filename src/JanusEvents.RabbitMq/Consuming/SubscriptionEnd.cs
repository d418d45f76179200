namespace JanusEvents.RabbitMq.Consuming;

/// <summary>Why a subscription ended.</summary>
/// <param name="Cause">What the broker, or the client, said; null where it was ended here.</param>
/// <param name="Held">The message that waited for the store for too long; null where none did.</param>
/// <param name="HeldFor">For how long.</param>
internal sealed record SubscriptionEnd(string? Cause, HeldMessage? Held, TimeSpan HeldFor)
{
    /// <summary>It was ended in order.</summary>
    public static readonly SubscriptionEnd HandedOver = new(null, null, default);

    public static SubscriptionEnd Lost(string cause) => new(cause, null, default);

    public static SubscriptionEnd GivenBack(HeldMessage held, TimeSpan time) => new(null, held, time);
}
