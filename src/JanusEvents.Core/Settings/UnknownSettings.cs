using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Settings;

/// <summary>
/// Warns, when the host starts, of keys that are nearly one of an option. Others are skipped: a host may have keys of
/// its own in the section.
/// </summary>
internal sealed class UnknownSettings(SettingsSection section, ILogger<UnknownSettings> logger) : IHostedService
{
    private const int MostSlips = 2;
    private const int ShortestName = 5;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Whatever options there are have been read by now, since the start checks them.
        foreach ((string unknown, string[] known) in section.Unknown())
        {
            string name = unknown[(unknown.LastIndexOf(':') + 1)..];
            (string Name, int Slips) nearest = known.Select(option => (option, Slips(name, option))).MinBy(option => option.Item2);
            if (name.Length >= ShortestName && nearest.Slips <= MostSlips)
                SettingsLog.UnknownKey(logger, unknown, unknown[..^name.Length] + nearest.Name);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How many letters must be put in, left out or changed to make one name of the other.</summary>
    private static int Slips(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 0; j < to.Length; j++)
            {
                int same = char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? diagonal : diagonal + 1;
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(same, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
