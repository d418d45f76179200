using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Requests;

/// <summary>Log messages of the endpoints: never the content of a body. Event ids 3000 to 3099.</summary>
internal static partial class ReceivingLog
{
    private const int MaxLoggedElements = 10;

    /// <summary>Logs the invalid elements of a body, up to a number.</summary>
    public static void RejectedElements(ILogger logger, ReceivedBody body)
    {
        foreach (RejectedElement element in body.Rejected.Take(MaxLoggedElements))
            Rejected(logger, element.Bytes.Length, element.Offset, body.RemoteAddress, element.Reason);
        if (body.Rejected.Count > MaxLoggedElements)
            RejectedMore(logger, body.Rejected.Count - MaxLoggedElements, body.RemoteAddress);
    }

    [LoggerMessage(3000, LogLevel.Warning, "POST from {RemoteAddress} refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string? remoteAddress, int status, string reason);

    [LoggerMessage(3001, LogLevel.Warning, "Rejected {Length} bytes at offset {Offset} of a body from {RemoteAddress}: {Reason}")]
    public static partial void Rejected(ILogger logger, int length, int offset, string? remoteAddress, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "Rejected {Count} more elements of the same body from {RemoteAddress}.")]
    public static partial void RejectedMore(ILogger logger, int count, string? remoteAddress);

    [LoggerMessage(3003, LogLevel.Warning, "{Count} bodies were not stored in time, the last one of {Bytes} bytes from {RemoteAddress} within {Elapsed}. Their connections were aborted, so that the senders keep them. Logged at most once a minute.")]
    public static partial void NotStored(ILogger logger, long count, int bytes, string? remoteAddress, TimeSpan elapsed);

    [LoggerMessage(3004, LogLevel.Warning, "{Count} bodies did not arrive in time or found no memory, the last one from {RemoteAddress} within {Elapsed}. Their connections were aborted. Logged at most once a minute.")]
    public static partial void NotRead(ILogger logger, long count, string? remoteAddress, TimeSpan elapsed);

    [LoggerMessage(3005, LogLevel.Warning, "Body from {RemoteAddress} could not be read ({Reason}). The connection was aborted.")]
    public static partial void Unreadable(ILogger logger, string? remoteAddress, string reason);

    [LoggerMessage(3006, LogLevel.Warning, "{Count} POSTs failed, the last one from {RemoteAddress} ({Cause}). Their connections were aborted, so that the senders keep the bodies. Logged at most once a minute.")]
    public static partial void Failed(ILogger logger, long count, string? remoteAddress, string cause);

    [LoggerMessage(3012, LogLevel.Debug, "A POST failed.")]
    public static partial void FailedWith(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Debug, "The client at {RemoteAddress} disconnected.")]
    public static partial void ClientGone(ILogger logger, string? remoteAddress);

    [LoggerMessage(3008, LogLevel.Warning, "Anybody who reaches {Addresses} can post events to {Pattern}: it has no credentials. Set UserName and Password of JanusEventsEndpointOptions, and backend_user and backend_pwd in Janus, or listen on a loopback address.")]
    public static partial void OpenToAll(ILogger logger, string addresses, string pattern);

    [LoggerMessage(3009, LogLevel.Information, "Endpoint settings changed: {Credentials} pairs of credentials, bodies up to {MaxBodyBytes} bytes, answers within {AnswerTimeout}.")]
    public static partial void SettingsChanged(ILogger logger, int credentials, int maxBodyBytes, TimeSpan answerTimeout);

    [LoggerMessage(3010, LogLevel.Error, "Changed endpoint settings are invalid and ignored; the previous ones stay in use: {Reason}")]
    public static partial void SettingsRefused(ILogger logger, string reason);

    [LoggerMessage(3011, LogLevel.Warning, "Status page request from {RemoteAddress} rejected: invalid credentials.")]
    public static partial void StatusRefused(ILogger logger, string? remoteAddress);

    [LoggerMessage(3020, LogLevel.Warning, "WebSocket handshake from {RemoteAddress} refused with {Status}: {Reason}")]
    public static partial void HandshakeRefused(ILogger logger, string? remoteAddress, int status, string reason);

    [LoggerMessage(3021, LogLevel.Information, "{RemoteAddress} opened a WebSocket for events.")]
    public static partial void WebSocketOpened(ILogger logger, string? remoteAddress);

    [LoggerMessage(3022, LogLevel.Information, "The WebSocket of {RemoteAddress} ended after {Messages} messages: {Reason}.")]
    public static partial void WebSocketEnded(ILogger logger, string? remoteAddress, long messages, string? reason);

    [LoggerMessage(3023, LogLevel.Warning, "A message from {RemoteAddress} was cut after {Bytes} bytes; the event at the cut is rejected: {Reason}.")]
    public static partial void MessageCut(ILogger logger, string? remoteAddress, int bytes, string reason);

    [LoggerMessage(3024, LogLevel.Error, "A message of {Bytes} bytes from {RemoteAddress} with {Events} events is lost: the host stopped before it was stored.")]
    public static partial void MessageLost(ILogger logger, string? remoteAddress, int bytes, int events);

    [LoggerMessage(3025, LogLevel.Error, "A message of {Bytes} bytes from {RemoteAddress} could not be delivered. Delivery is retried.")]
    public static partial void MessageNotTaken(ILogger logger, Exception? exception, string? remoteAddress, int bytes);

    [LoggerMessage(3026, LogLevel.Error, "Reading from the WebSocket of {RemoteAddress} failed. The connection was aborted.")]
    public static partial void WebSocketFailed(ILogger logger, Exception exception, string? remoteAddress);

    [LoggerMessage(3027, LogLevel.Information, "Anybody who reaches {Addresses} can send events to {Pattern}: Janus's WebSocket event handler cannot send credentials. Keep the path secret, or the network private.")]
    public static partial void WebSocketOpenToAll(ILogger logger, string addresses, string pattern);
}
