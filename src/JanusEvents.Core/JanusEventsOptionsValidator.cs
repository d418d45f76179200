using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>Refuses settings out of range when the host starts, with the key and the fix.</summary>
internal sealed class JanusEventsOptionsValidator : IValidateOptions<JanusEventsOptions>
{
    public ValidateOptionsResult Validate(string? name, JanusEventsOptions options)
    {
        List<string> failures = [];
        if (options.MaxBatchEvents < 1)
            failures.Add($"{nameof(JanusEventsOptions)}.{nameof(options.MaxBatchEvents)} is {options.MaxBatchEvents}; it must be at least 1.");
        if (options.MaxBatchBytes < 1)
            failures.Add($"{nameof(JanusEventsOptions)}.{nameof(options.MaxBatchBytes)} is {options.MaxBatchBytes}; it must be at least 1.");
        if (options.BestEffortQueueBytes < 1)
            failures.Add($"{nameof(JanusEventsOptions)}.{nameof(options.BestEffortQueueBytes)} is {options.BestEffortQueueBytes}; it must be at least 1.");
        if (options.RetryDelay <= TimeSpan.Zero)
            failures.Add($"{nameof(JanusEventsOptions)}.{nameof(options.RetryDelay)} is {options.RetryDelay}; it must be more than zero.");
        if (options.MaxRetryDelay < options.RetryDelay)
            failures.Add($"{nameof(JanusEventsOptions)}.{nameof(options.MaxRetryDelay)} is {options.MaxRetryDelay}; it must be at least {nameof(options.RetryDelay)} ({options.RetryDelay}).");
        if (options.MaxBytesInMemory < 1 << 20)
            failures.Add($"{nameof(JanusEventsOptions)}.{nameof(options.MaxBytesInMemory)} is {options.MaxBytesInMemory}; it must be at least {1 << 20}.");
        failures.AddRange(options.Secrets.Failures()
            .Select(failure => $"{nameof(JanusEventsOptions)}.{nameof(options.Secrets)}.{failure}"));

        try
        {
            options.Parser.Validate();
        }
        catch (ArgumentException e)
        {
            failures.Add($"{nameof(JanusEventsOptions)}.{nameof(options.Parser)}.{e.Message}");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
