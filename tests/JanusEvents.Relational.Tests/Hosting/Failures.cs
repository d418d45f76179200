namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>Failures as values.</summary>
public static class Failures
{
    /// <summary>What a task threw; null when it went well.</summary>
    public static async Task<Exception?> FailureAsync(this Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
