using JanusEvents.Observation;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace JanusEvents.Health;

/// <summary>Says whether events can be stored, and whether they come.</summary>
internal sealed class JanusEventsHealthCheck(
    JanusEventsHealthOptions health,
    IEnumerable<IStoreQuestion> stores,
    SinkRecords sinks,
    Intake intake,
    IEnumerable<IHealthSource> sources,
    IOptions<JanusEventsOptions> options,
    TimeProvider time,
    IBacklog? backlog = null) : IHealthCheck
{
    // A sink whose last write failed is tried again within this time as long as somebody waits.
    private static readonly TimeSpan s_failureAge = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthFindings found = new(context.Registration.FailureStatus);
        DateTimeOffset now = time.GetUtcNow();
        CheckSinks(found, now);
        CheckBacklog(found, now);
        CheckServers(found);
        foreach (IHealthSource source in sources)
            source.Report(found);
        return found.Result(await CheckStoresAsync(found, cancellationToken).ConfigureAwait(false));
    }

    private async Task<Exception?> CheckStoresAsync(HealthFindings found, CancellationToken cancellationToken)
    {
        Exception? first = null;
        foreach (string trouble in stores.SelectMany(store => store.Troubles))
            found.Degrade(trouble);
        IEnumerable<Task<Exception?>> questions = stores.Select(async store =>
        {
            string key = $"store.{store.Name}";
            long asked = time.GetTimestamp();
            try
            {
                // By the clock of the machine, also where a test has set another: nobody may wait for long.
                await store.AskAsync().WaitAsync(health.StoreTimeout, cancellationToken).ConfigureAwait(false);
                lock (found)
                    found.Data[key] = $"answered within {time.GetElapsedTime(asked).TotalMilliseconds:0} ms";
                return null;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // Whatever it is, the store cannot be reached.
            catch (Exception e)
#pragma warning restore CA1031
            {
                string why = e is TimeoutException ? $"has not answered within {health.StoreTimeout.TotalSeconds:0.#} s" : $"cannot be reached ({e.GetType().Name})";
                lock (found)
                {
                    found.Data[key] = why;
                    if (backlog is null)
                        found.Fail($"The database of {store.Name} {why}.");
                    else
                        found.Degrade($"The database of {store.Name} {why}; events wait in the spool.");
                }

                return e;
            }
        });
        foreach (Task<Exception?> question in questions.ToArray())
            first ??= await question.ConfigureAwait(false);
        return first;
    }

    private void CheckSinks(HealthFindings found, DateTimeOffset now)
    {
        foreach (SinkOutcome sink in sinks.Outcomes)
        {
            // The sender may have given up, so that nothing is tried again: then the last failure says nothing any more.
            bool fails = sink.Failures > 0 && now - sink.LastFailedAt < s_failureAge + options.Value.MaxRetryDelay;
            found.Data[$"sink.{sink.Name}"] = fails ? $"failing: {sink.Failures} times, last {sink.LastError}" : "works";
            if (sink.LastStoredAt is { } stored)
                found.Data[$"sink.{sink.Name}.last_stored"] = stored;
            if (!fails)
                continue;

            string what = $"Sink {sink.Name} could not store what it was given last ({sink.LastError}, {sink.Failures} times)";
            if (sink.HoldsAnswers)
                found.Fail($"{what}; senders keep their events.");
            else
                found.Degrade($"{what}.");
        }
    }

    private void CheckBacklog(HealthFindings found, DateTimeOffset now)
    {
        if (backlog is null)
            return;

        BacklogFigures figures = backlog.Read();
        TimeSpan age = figures.OldestArrivedAt is { } oldest && now > oldest ? now - oldest : TimeSpan.Zero;
        found.Data["backlog.bodies"] = figures.Bodies;
        found.Data["backlog.bytes"] = figures.Bytes;
        found.Data["backlog.age_seconds"] = Math.Round(age.TotalSeconds, 1);
        string what = $"The oldest of {figures.Bodies} bodies in the spool waits for {age:d\\.hh\\:mm\\:ss}.";
        if (age >= health.UnhealthyBacklogAge)
            found.Fail(what);
        else if (age >= health.DegradedBacklogAge)
            found.Degrade(what);
        foreach (string sink in figures.SuspendedSinks)
        {
            found.Data[$"sink.{sink}.suspended"] = true;
            found.Degrade($"Sink {sink} is suspended: it held up the others until the spool was full, and misses events.");
        }
    }

    private void CheckServers(HealthFindings found)
    {
        IReadOnlyList<EmitterIntake> heard = intake.ReadEmitters();
        found.Data["servers"] = heard.Count;
        if (intake.LastBodyAt is { } last)
            found.Data["last_body"] = last;
        foreach (EmitterIntake server in heard.Take(HealthFindings.MaxServers))
            found.Data[$"server.{server.Emitter ?? Labels.Unknown}.last_event"] = server.LastAt;
    }
}
