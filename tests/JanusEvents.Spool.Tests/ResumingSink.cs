using JanusEvents.Testing;

namespace JanusEvents.Spool.Tests;

/// <summary>A sink that keeps its position with the events, as the databases do, and can fail with either outcome.</summary>
internal sealed class ResumingSink : IResumingSink
{
    private readonly Dictionary<Guid, long> _positions = [];
    private readonly RecordingSink _stored = new();

    /// <summary>What the next writes do before they succeed again.</summary>
    public Queue<Outcome> Outcomes { get; } = [];

    /// <summary>The spools that it was asked about, one for each question.</summary>
    public List<Guid> Asked { get; } = [];

    public IReadOnlyList<long> Numbers => _stored.Numbers;

    public long PositionOf(Guid spool) => _positions.GetValueOrDefault(spool);

    public void SetPosition(Guid spool, long sequence) => _positions[spool] = sequence;

    public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken)
    {
        Asked.Add(spool);
        return ValueTask.FromResult(PositionOf(spool));
    }

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        Outcome outcome = Outcomes.Count > 0 ? Outcomes.Dequeue() : Outcome.Stored;
        if (outcome == Outcome.Failed)
            throw new IOException("Nothing is stored.");

        await _stored.WriteAsync(batch, cancellationToken);
        _positions[batch.Position!.Value.Spool] = batch.Position.Value.Sequence;
        if (outcome == Outcome.StoredButUnknown)
            throw new IOException("The connection broke off after the commit.");
    }
}
