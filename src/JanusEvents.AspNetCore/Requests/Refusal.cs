using Microsoft.AspNetCore.Http;

namespace JanusEvents.AspNetCore.Requests;

/// <summary>A request that is refused without a look at its events: the status, and why.</summary>
internal sealed record Refusal(int Status, string Title, string Detail)
{
    public static Refusal Credentials { get; } = new(
        StatusCodes.Status401Unauthorized,
        "Credentials needed",
        "This endpoint wants Basic credentials, and the request has no valid ones. Set backend_user and backend_pwd in Janus's event handler.");

    public static Refusal ContentEncoding { get; } = new(
        StatusCodes.Status415UnsupportedMediaType,
        "Content-Encoding not supported",
        "The only Content-Encoding that is understood is gzip.");

    public static Refusal NoWebSocket { get; } = new(
        StatusCodes.Status426UpgradeRequired,
        "WebSocket needed",
        "This endpoint is for Janus's WebSocket event handler, and the request asks for no WebSocket. Janus's HTTP event handler posts to another one.");

    public static Refusal SubProtocol(string wanted) => new(
        StatusCodes.Status400BadRequest,
        "Sub-protocol needed",
        $"The handshake does not ask for the sub-protocol {wanted}. Set subprotocol = \"{wanted}\" in janus.eventhandler.wsevh.jcfg, or SubProtocol of JanusEventsWebSocketOptions to what Janus asks for.");

    public static Refusal TooLarge(int limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        "Body too large",
        $"The body has more than {limit} bytes, the limit of this endpoint.");

    public static Refusal TooLargeInflated(int limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        "Body too large",
        $"The body has more than {limit} bytes after decompression, the limit of this endpoint.");

    public static Refusal Unusable(IReadOnlyList<RejectedElement> rejected) => new(
        StatusCodes.Status400BadRequest,
        "Nothing in the body could be used",
        rejected is [{ } only]
            ? $"{only.Reason} (At offset {only.Offset}.)"
            : $"{rejected.Count} elements were rejected, the first at offset {rejected[0].Offset}: {rejected[0].Reason}");
}
