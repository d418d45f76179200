using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// Logs an outage of a sink: a line when that begins, one each minute, and one when it is over. The exception
/// itself, with its stack, is logged once, for those who look for more than the cause.
/// </summary>
/// <param name="sink">How messages call the sink, with what of it is concerned.</param>
/// <param name="time">Measures how long it lasts.</param>
/// <param name="logger">Where to; must not throw.</param>
internal sealed class Outage(string sink, TimeProvider time, ILogger logger)
{
    private const int MaxCauseLength = 500;
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private int _failures;
    private long _began;
    private long _told;

    /// <summary>Records that a write failed.</summary>
    public void Failed(Exception exception)
    {
        lock (_gate)
        {
            if (++_failures == 1)
            {
                _began = _told = time.GetTimestamp();
                DeliveryLog.SinkFailed(logger, sink, CauseOf(exception));
                DeliveryLog.SinkFailedWith(logger, exception, sink);
            }
            else if (time.GetElapsedTime(_told) >= s_interval)
            {
                _told = time.GetTimestamp();
                DeliveryLog.SinkStillFails(logger, sink, Rounded(time.GetElapsedTime(_began)), _failures, CauseOf(exception));
            }
        }
    }

    /// <summary>Records that a write worked.</summary>
    public void Worked()
    {
        if (_failures == 0)
            return;

        lock (_gate)
        {
            if (_failures > 0)
                DeliveryLog.SinkRecovered(logger, sink, Rounded(time.GetElapsedTime(_began)), _failures);
            _failures = 0;
        }
    }

    /// <summary>The messages of an exception and of those inside it, on one line.</summary>
    public static string CauseOf(Exception exception)
    {
        StringBuilder cause = new(exception.Message);
        for (Exception? inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (!cause.ToString().Contains(inner.Message, StringComparison.Ordinal))
                cause.Append(CultureInfo.InvariantCulture, $" ({inner.Message})");
        }

        cause.Replace("\r", "").Replace('\n', ' ');
        if (cause.Length > MaxCauseLength)
            cause.Length = MaxCauseLength;
        return cause.ToString();
    }

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));
}
