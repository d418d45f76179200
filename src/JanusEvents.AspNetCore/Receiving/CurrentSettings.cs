using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Receiving;

/// <summary>Where an endpoint gets its settings from: what is in force now.</summary>
internal sealed class CurrentSettings
{
    private readonly IOptionsMonitor<JanusEventsEndpointOptions>? _monitor;
    private volatile EndpointSettings _current;

    private CurrentSettings(JanusEventsEndpointOptions options, IOptionsMonitor<JanusEventsEndpointOptions>? monitor)
    {
        _current = EndpointSettings.From(options);
        _monitor = monitor;
    }

    public EndpointSettings Current => _current;

    /// <summary>Settings that stay as they are.</summary>
    public static CurrentSettings Fixed(JanusEventsEndpointOptions options) => new(options, monitor: null);

    /// <summary>Settings that follow the host's options once <see cref="Follow"/> was called.</summary>
    public static CurrentSettings Following(IOptionsMonitor<JanusEventsEndpointOptions> monitor) => new(monitor.CurrentValue, monitor);

    /// <summary>
    /// Takes over changes of the options. A change that is out of range, or that takes all credentials away, is logged,
    /// and the settings stay: a slip in a file, or one that is read while it is being written, must not close a running
    /// endpoint, nor open it.
    /// </summary>
    public void Follow(ILogger logger) => _monitor?.OnChange(options =>
    {
        try
        {
            EndpointSettings changed = EndpointSettings.From(options);
            if (changed.Credentials.Count == 0 && _current.Credentials.Count > 0)
            {
                ReceivingLog.SettingsRefused(logger, "They have no credentials any more. To let everybody in, restart the host.");
                return;
            }

            _current = changed;
            ReceivingLog.SettingsChanged(logger, _current.Credentials.Count, _current.MaxBodyBytes, _current.AnswerTimeout);
        }
        catch (OptionsValidationException e)
        {
            ReceivingLog.SettingsRefused(logger, e.Message);
        }
    });
}
