using System.Data.Common;

namespace JanusEvents.Relational.Connections;

/// <summary>A table does not take a row, although the database reports no error.</summary>
internal sealed class RefusedRowException : DbException
{
    private RefusedRowException(string message)
        : base(message)
    {
    }

    /// <summary>A row was left out, as by <c>RAISE(IGNORE)</c> in a trigger, or <c>ON CONFLICT IGNORE</c>.</summary>
    public static RefusedRowException Ignored() =>
        new("The table left the row out without a word: a trigger or a constraint of it ignores rows.");

    /// <summary>A row is not even tried.</summary>
    public static RefusedRowException TooLarge() => new("The event is larger than a statement of the database may be.");
}

/// <summary>A batch is to be written again from its beginning: more is known of it now, or its transaction is lost.</summary>
internal sealed class RepeatException(string message, Exception innerException) : Exception(message, innerException);
