namespace JanusEvents.Benchmarks.Questions;

/// <summary>What is asked: SQL about a call and a time, or a query of <see cref="IEventStore"/>.</summary>
/// <param name="What">In words.</param>
/// <param name="Sql">SQL with <c>@session</c>, <c>@handle</c> and <c>@hour</c>, one hour before the end; null for a query.</param>
/// <param name="Query">The query; null for SQL.</param>
/// <param name="MostEvents">After how many events the reading of a query stops.</param>
internal sealed record Question(
    string What,
    string? Sql,
    Func<long, long, DateTime, EventQuery>? Query,
    int MostEvents = int.MaxValue)
{
    /// <summary>The questions of the published text, and those that the library asks for its users.</summary>
    public static IReadOnlyList<Question> All { get; } =
    [
        new("the handles of a session", "SELECT handle, plugin, timestamp FROM handles WHERE session = @session AND event = 'attached'", null),
        new("ICE states of a handle", "SELECT state, timestamp FROM ice WHERE session = @session AND handle = @handle", null),
        new("statistics of a handle", "SELECT timestamp, medium, lostlocal, lostremote, jitterlocal, jitterremote FROM stats WHERE session = @session AND handle = @handle ORDER BY id", null),
        new("mean jitter of a session", "SELECT handle, medium, AVG(jitterlocal), MAX(lostlocal) FROM stats WHERE session = @session GROUP BY handle, medium", null),
        new("sessions of the last hour", "SELECT session, event, timestamp FROM sessions WHERE timestamp >= @hour", null),
        new("how many statistics in the last hour", "SELECT COUNT(*) FROM stats WHERE timestamp >= @hour", null),
        new("mean jitter of the last hour", "SELECT medium, AVG(jitterlocal) FROM stats WHERE timestamp >= @hour GROUP BY medium", null),
        new("`IEventStore`: all of a handle", null, (session, handle, _) => new EventQuery { SessionId = session, HandleId = handle }),
        new("`IEventStore`: all of a session", null, (session, _, _) => new EventQuery { SessionId = session }),
        new("`IEventStore`: the last hour, the first 1,000", null, (_, _, hour) => new EventQuery { From = hour }, 1000),
        new("`IEventStore`: a minute, two days ago", null, (_, _, hour) => new EventQuery { From = hour.AddDays(-2), To = hour.AddDays(-2).AddMinutes(1) }),
        new("`IEventStore`: the last hour, all", null, (_, _, hour) => new EventQuery { From = hour }),
    ];
}
