using System.Data.Common;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>Handles rows that the database refuses.</summary>
/// <param name="Concerns">Whether a failure of a statement may be one of its rows', so that these are tried by themselves.</param>
/// <param name="Take">
/// Takes a row by its place, with the failure, and whether the row was tried alone: where the table seems to refuse all, the others
/// are not.
/// </param>
internal sealed record RefusedRows(Func<DbException, bool> Concerns, Action<int, DbException, bool> Take)
{
    // When so many rows in turn are refused and none is taken, it is the table that refuses them.
    private const int MaxInTurn = 8;

    private int _inTurn;
    private bool _anyTaken;

    /// <summary>Whether the table seems to refuse every row for a reason that is not known to be a row's.</summary>
    public bool AreAll => !_anyTaken && _inTurn >= MaxInTurn;

    /// <summary>Records rows that the table has taken.</summary>
    public void Taken() => _anyTaken = true;

    /// <summary>Records a row that it refuses.</summary>
    public void Refused(int row, DbException failure, bool isKnown, bool wasTried)
    {
        _inTurn += isKnown ? 0 : 1;
        Take(row, failure, wasTried);
    }
}

/// <summary>That a table refused an event.</summary>
/// <param name="Table">The table.</param>
/// <param name="Type">The event's type.</param>
/// <param name="RemoteAddress">Where it came from.</param>
/// <param name="Why">The database's message.</param>
internal sealed record Refusal(EventTable Table, JanusEventType Type, string? RemoteAddress, Explanation Why);
