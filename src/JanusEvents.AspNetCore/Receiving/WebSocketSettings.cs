using System.Buffers;
using Microsoft.Extensions.Options;

namespace JanusEvents.Receiving;

/// <summary>Options of a WebSocket endpoint that were checked, in the form in which a connection needs them.</summary>
internal sealed record WebSocketSettings(string? SubProtocol, int MaxMessageBytes, int MaxMessagesInFlight, TimeSpan KeepAliveInterval)
{
    private const int MostInFlight = 1000;

    private static readonly TimeSpan s_longestInterval = TimeSpan.FromDays(1);

    // What a header's token may be made of (RFC 9110, 5.6.2).
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Checks options.</summary>
    /// <exception cref="OptionsValidationException">Something is out of its range; the message names the key and the fix.</exception>
    public static WebSocketSettings From(JanusEventsWebSocketOptions options)
    {
        List<string> failures = [];
        if (options.SubProtocol.AsSpan().ContainsAnyExcept(s_token))
            failures.Add($"SubProtocol is \"{options.SubProtocol}\"; it must be one word of letters, digits, hyphens and dots, as subprotocol in Janus.");
        if (options.MaxMessageBytes < 1 || options.MaxMessageBytes > Array.MaxLength)
            failures.Add($"MaxMessageBytes is {options.MaxMessageBytes}; it must be 1 to {Array.MaxLength}.");
        if (options.MaxMessagesInFlight is < 1 or > MostInFlight)
            failures.Add($"MaxMessagesInFlight is {options.MaxMessagesInFlight}; it must be 1 to {MostInFlight}.");
        if (options.KeepAliveInterval < TimeSpan.Zero || options.KeepAliveInterval > s_longestInterval)
            failures.Add($"KeepAliveInterval is {options.KeepAliveInterval}; it must be zero, which sends no signs of life, to {s_longestInterval}.");

        return failures.Count == 0
            ? new WebSocketSettings(
                string.IsNullOrEmpty(options.SubProtocol) ? null : options.SubProtocol,
                (int)options.MaxMessageBytes,
                options.MaxMessagesInFlight,
                options.KeepAliveInterval)
            : throw new OptionsValidationException(
                Options.DefaultName,
                typeof(JanusEventsWebSocketOptions),
                failures.Select(failure => $"{nameof(JanusEventsWebSocketOptions)}: {failure}"));
    }
}
