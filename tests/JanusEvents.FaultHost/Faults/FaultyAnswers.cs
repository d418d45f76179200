namespace JanusEvents.FaultHost.Faults;

/// <summary>What happens between the end of the endpoint, which has stored the events, and the answer.</summary>
internal sealed class FaultyAnswers(RequestDelegate next, FaultHostOptions options)
{
    private int _answers;

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.RequestAborted.IsCancellationRequested)
            return;

        int answer = Interlocked.Increment(ref _answers);
        if (answer == options.KillBeforeAnswer)
            Death.Come();
        if (options.CutEvery > 0 && answer % options.CutEvery == 0)
            context.Abort();
    }
}
