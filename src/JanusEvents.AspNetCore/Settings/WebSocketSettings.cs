using System.Buffers;
using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Settings;

/// <summary>Options of a WebSocket endpoint that were checked, in the form in which a connection needs them.</summary>
internal sealed record WebSocketSettings(string? SubProtocol, int MaxMessageBytes, int MaxMessagesInFlight, TimeSpan KeepAliveInterval)
{
    private static readonly JanusEventsWebSocketOptionsRanges s_ranges = new();

    // The characters of a header's token (RFC 9110, 5.6.2).
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Checks options that code made for one endpoint.</summary>
    /// <exception cref="OptionsValidationException">Something is out of its range; the message names the option and the fix.</exception>
    public static WebSocketSettings From(JanusEventsWebSocketOptions options) =>
        From(options, key => $"{nameof(JanusEventsWebSocketOptions)}.{key}");

    /// <summary>Checks options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="writeKey">Writes a key out.</param>
    /// <exception cref="OptionsValidationException">Something is out of its range; the message names the key and the fix.</exception>
    public static WebSocketSettings From(JanusEventsWebSocketOptions options, Func<string, string> writeKey)
    {
        List<string> failures = [];
        if (options.SubProtocol.AsSpan().ContainsAnyExcept(s_token))
            failures.Add($"{SettingKey.Of(nameof(options.SubProtocol))} is \"{options.SubProtocol}\"; it must be one word of letters, digits, hyphens and dots, as subprotocol in Janus.");

        ValidateOptionsResult result = SettingsFailures.Of(s_ranges.Validate(null, options), failures, writeKey);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(JanusEventsWebSocketOptions), result.Failures)
            : new WebSocketSettings(
                string.IsNullOrEmpty(options.SubProtocol) ? null : options.SubProtocol,
                (int)options.MaxMessageBytes,
                options.MaxMessagesInFlight,
                options.KeepAliveInterval);
    }
}

/// <summary>The ranges of <see cref="JanusEventsWebSocketOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusEventsWebSocketOptionsRanges : IValidateOptions<JanusEventsWebSocketOptions>;
