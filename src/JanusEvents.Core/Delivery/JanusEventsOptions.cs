using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>
/// Settings of receiving and delivering events, for all endpoints and sinks of a host: from the section
/// <c>JanusEvents</c> of the configuration, and then by code.
/// </summary>
public sealed class JanusEventsOptions
{
    /// <summary>The limits of the parser.</summary>
    [ValidateObjectMembers(typeof(Parsing.JanusEventParserOptionsRanges))]
    public JanusEventParserOptions Parser { get; } = new();

    /// <summary>The kinds of secrets that are redacted in bodies; none by default.</summary>
    public RedactionOptions Redaction { get; } = new();

    /// <summary>
    /// How many events a sink gets in one batch, at least 1; 2,000 by default. A body is never divided, so that one with
    /// more events makes a batch of its own.
    /// </summary>
    [Within(1)]
    public int MaxBatchEvents { get; set; } = 2_000;

    /// <summary>
    /// How many bytes of bodies a sink gets in one batch, at least 1; 8 MiB by default. A body is never divided, so that
    /// a bigger one makes a batch of its own.
    /// </summary>
    [Within(1)]
    public long MaxBatchBytes { get; set; } = 8 << 20;

    /// <summary>
    /// How long to wait before a batch that a sink could not store is tried again, more than zero; 100 ms by default.
    /// The wait doubles with every further failure, up to <see cref="MaxRetryDelay"/>, and is spread at random by 20 % either
    /// way.
    /// </summary>
    [WithinTime("0", Exclusive = true)]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two tries, at least <see cref="RetryDelay"/>; 1 s by default.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many bytes of bodies may wait for a sink that is not required, and for a reader of the live feed, at least 1;
    /// 16 MiB by default. Further bodies are dropped for that sink; a reader misses what waits and goes on
    /// with the newest. A single bigger body is taken when nothing else waits.
    /// </summary>
    [Within(1)]
    public long BestEffortQueueBytes { get; set; } = 16 << 20;

    /// <summary>
    /// How many bytes of bodies all requests of the host may hold in memory together, at least 1 MiB; 256 MiB by
    /// default. A request reserves memory as its body arrives, whatever length it announces; one that cannot waits, without
    /// being read further, until its time to be answered is over. One body at a time may pass the limit, where nothing but
    /// bodies that have not come whole holds memory. Events take several times the bytes of their body once they are parsed.
    /// </summary>
    [Within(1 << 20, Because = " (1 MiB)")]
    public long MaxBytesInMemory { get; set; } = 256 << 20;
}
