using System.Runtime.CompilerServices;

namespace JanusEvents;

/// <summary>
/// The numbers of a statistics event in a row, with one bit each that says whether it was sent: a third of the size
/// of as many nullable properties.
/// </summary>
internal struct StatisticValues : IEquatable<StatisticValues>
{
    private uint _present;
    private Numbers _numbers;

    public long? this[Statistic statistic]
    {
        readonly get => (_present & (1u << (int)statistic)) != 0 ? _numbers[(int)statistic] : null;
        set
        {
            uint bit = 1u << (int)statistic;
            _present = value is null ? _present & ~bit : _present | bit;
            _numbers[(int)statistic] = value.GetValueOrDefault();
        }
    }

    public void Set(Statistic statistic, long value)
    {
        _present |= 1u << (int)statistic;
        _numbers[(int)statistic] = value;
    }

    public readonly bool Equals(StatisticValues other) =>
        _present == other._present && ((ReadOnlySpan<long>)_numbers).SequenceEqual(other._numbers);

    public override readonly bool Equals(object? obj) => obj is StatisticValues other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(_present);
        foreach (long number in (ReadOnlySpan<long>)_numbers)
            hash.Add(number);
        return hash.ToHashCode();
    }

    [InlineArray((int)Statistic.RembBitrate + 1)]
    private struct Numbers
    {
        private long _first;
    }
}
