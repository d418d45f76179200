using System.Diagnostics;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>Sessions 1, 2, 3 … of a real Janus, made one after the other: each makes Janus send an event with its number.</summary>
internal sealed class NumberedSessions(JanusServer janus)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);
    private readonly List<long> _created = [];

    /// <summary>The numbers of those that Janus made.</summary>
    public IReadOnlyList<long> Created => _created;

    /// <summary>Makes sessions for some time.</summary>
    public async Task CreateForAsync(TimeSpan time)
    {
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time;)
        {
            _created.Add(await janus.CreateSessionAsync(_created.Count + 1));
            await Task.Delay(s_pace);
        }
    }
}
