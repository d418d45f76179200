using JanusEvents.AspNetCore.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Settings;

/// <summary>Where an endpoint gets its settings from: what is in force now.</summary>
internal sealed class CurrentSettings
{
    private readonly ConfiguredOptions<JanusEventsEndpointOptions>? _options;
    private readonly Lock _gate = new();
    private volatile EndpointSettings _current;
    private string? _lastRefused;

    private CurrentSettings(EndpointSettings current, ConfiguredOptions<JanusEventsEndpointOptions>? options)
    {
        _current = current;
        _options = options;
    }

    public EndpointSettings Current => _current;

    /// <summary>Settings that stay as they are.</summary>
    public static CurrentSettings Fixed(JanusEventsEndpointOptions options) => new(EndpointSettings.From(options), options: null);

    /// <summary>Settings that follow the host's options once <see cref="Follow"/> was called.</summary>
    public static CurrentSettings Following(ConfiguredOptions<JanusEventsEndpointOptions> options) => new(Read(options), options);

    /// <summary>
    /// Takes over changes of the options. A change that is out of range, or that takes all credentials away, is logged,
    /// and the settings stay: a slip in a file, or one that is read while it is being written, must not close a running
    /// endpoint, nor open it.
    /// </summary>
    /// <returns>The subscription to end; null for settings that stay as they are.</returns>
    public IDisposable? Follow(ILogger logger) => _options?.OnChange(() =>
    {
        lock (_gate)
        {
            // Any change of the configuration comes here, mostly several times.
            if (TryTakeOver(_options, out string? refused))
                ReceivingLog.SettingsChanged(logger, _current.Credentials.Count, _current.MaxBodyBytes, _current.AnswerTimeout);
            else if (refused is not null && refused != _lastRefused)
                ReceivingLog.SettingsRefused(logger, refused);
            _lastRefused = refused;
        }
    });

    private static EndpointSettings Read(ConfiguredOptions<JanusEventsEndpointOptions> options) => EndpointSettings.From(options.Read(), options.PathOf);

    /// <summary>Takes over changed options.</summary>
    /// <returns>True when they were taken over, false when they change nothing or were refused.</returns>
    private bool TryTakeOver(ConfiguredOptions<JanusEventsEndpointOptions> options, out string? refused)
    {
        refused = null;
        try
        {
            EndpointSettings changed = Read(options);
            if (changed == _current)
                return false;

            if (changed.Credentials.Count > 0 || _current.Credentials.Count == 0)
            {
                _current = changed;
                return true;
            }

            refused = "They have no credentials any more. To let everybody in, restart the host.";
        }
        catch (OptionsValidationException e)
        {
            refused = e.Message;
        }

        return false;
    }
}
