namespace JanusEvents.Relational.Connections;

/// <summary>The meaning of a database's failure for the data being written.</summary>
internal enum FailureKind
{
    /// <summary>The store does not work at present, for whatever reason: nothing is wrong with the data.</summary>
    Store,

    /// <summary>The transaction lost against another one: repeat it whole, at once.</summary>
    Repeat,

    /// <summary>A value does not fit its column: only its statement was undone, the transaction stands.</summary>
    Data,

    /// <summary>
    /// The database refused a statement for a reason that is not known to be about its data: it may be about one of the rows, or
    /// the store does not work. Only the statement was undone, as far as is known.
    /// </summary>
    Statement,

    /// <summary>
    /// A row has the number already that another was to get: somebody else adds rows to a published table. Go on with
    /// higher numbers.
    /// </summary>
    NumberTaken,

    /// <summary>A table is not there: make it and try again.</summary>
    MissingTable,
}

/// <summary>The meaning of a database's refusal, in words that may be logged.</summary>
/// <param name="Number">The database's number of the error.</param>
/// <param name="Words">The failure, without a value of the row.</param>
/// <param name="Remedy">The fix; empty where none is known.</param>
internal readonly record struct Explanation(int Number, string Words, string Remedy);
