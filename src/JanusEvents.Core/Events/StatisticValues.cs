using System.Numerics;
using System.Runtime.CompilerServices;

namespace JanusEvents.Events;

/// <summary>
/// The numbers of a statistics event in a row, with one bit each that says whether it was sent. Nearly all fit 32 bits and a
/// sign; only where one does not (a counter of bytes beyond 4 GiB) are there upper halves. So a number takes 4 bytes, where a
/// nullable property takes 16.
/// </summary>
internal struct StatisticValues : IEquatable<StatisticValues>
{
    private const int Count = (int)Statistic.RembBitrate + 1;

    private uint _present;
    private uint _negative;
    private LowerHalves _low;
    private int[]? _high;

    public long? this[Statistic statistic]
    {
        readonly get => (_present & BitOf(statistic)) != 0 ? Number((int)statistic) : null;
        set
        {
            // A copy of an event has the same upper halves.
            _high = _high is null ? null : [.. _high];
            if (value is { } number)
                Set(statistic, number);
            else
                _present &= ~BitOf(statistic);
        }
    }

    /// <summary>Sets a number of an event that is being made, which has no copies yet.</summary>
    public void Set(Statistic statistic, long value)
    {
        uint bit = BitOf(statistic);
        int high = (int)(value >> 32);
        _present |= bit;
        _low[(int)statistic] = (uint)value;
        if (high is not (0 or -1))
            _high ??= UpperHalves();
        if (_high is not null)
            _high[(int)statistic] = high;
        else
            _negative = high == 0 ? _negative & ~bit : _negative | bit;
    }

    public readonly bool Equals(StatisticValues other)
    {
        if (_present != other._present)
            return false;

        for (uint left = _present; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            if (Number(place) != other.Number(place))
                return false;
        }

        return true;
    }

    public override readonly bool Equals(object? obj) => obj is StatisticValues other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(_present);
        for (uint left = _present; left != 0; left &= left - 1)
            hash.Add(Number(BitOperations.TrailingZeroCount(left)));
        return hash.ToHashCode();
    }

    private static uint BitOf(Statistic statistic) => 1u << (int)statistic;

    private readonly long Number(int place) => ((long)High(place) << 32) | _low[place];

    private readonly int High(int place) => _high is not null ? _high[place] : -(int)((_negative >> place) & 1);

    private readonly int[] UpperHalves()
    {
        int[] high = new int[Count];
        for (int place = 0; place < Count; place++)
            high[place] = High(place);
        return high;
    }

    [InlineArray(Count)]
    private struct LowerHalves
    {
        private uint _first;
    }
}
