using System.Globalization;

namespace JanusEvents.FaultHost;

/// <summary>What the host says of itself and of what it has stored.</summary>
internal static class StoredEvents
{
    public static void MapStored(this WebApplication app)
    {
        // The culture's own year of 1970 and the zone's own time of the epoch: what texts made without care would have.
        app.MapGet("/here", () => string.Create(CultureInfo.CurrentCulture, $"{DateTime.UnixEpoch:yyyy} {DateTimeOffset.UnixEpoch.ToLocalTime():zzz}"));

        // Microseconds of Unix, given to the query as local times.
        app.MapGet("/stored", async (long? from, long? to, IEventStore store, CancellationToken aborted) =>
        {
            List<string> events = [];
            await foreach (JanusEvent e in store.ReadAsync(new EventQuery { From = Local(from), To = Local(to) }, aborted))
                events.Add(e.Json.ToCompactString());
            return $"[{string.Join(',', events)}]";
        });
    }

    private static DateTimeOffset? Local(long? microseconds) =>
        microseconds is { } time ? DateTimeOffset.UnixEpoch.AddTicks(time * TimeSpan.TicksPerMicrosecond).ToLocalTime() : null;
}
