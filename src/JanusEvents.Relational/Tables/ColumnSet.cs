using System.Numerics;

namespace JanusEvents.Relational.Tables;

/// <summary>Some columns of a table, by their places.</summary>
internal readonly record struct ColumnSet(ulong Bits)
{
    /// <summary>How many columns a table may have.</summary>
    public const int MaxColumns = 64;

    public int Count => BitOperations.PopCount(Bits);

    /// <summary>All columns of a table.</summary>
    public static ColumnSet All(int columns) => new(ulong.MaxValue >> (MaxColumns - columns));

    public bool Has(int column) => (Bits >> column & 1) != 0;

    /// <summary>Whether it has all of some others.</summary>
    public bool HasAll(ColumnSet others) => (others.Bits & ~Bits) == 0;

    public ColumnSet With(int column) => new(Bits | (1UL << column));
}
