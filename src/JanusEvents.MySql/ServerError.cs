using MySqlConnector;

namespace JanusEvents.MySql;

/// <summary>The error numbers of MySQL and MariaDB that decide what happens to a batch.</summary>
internal static class ServerError
{
    public const int RecordChanged = 1020;
    public const int DuplicateKey = 1062;
    public const int NoSuchTable = 1146;
    public const int LockWaitTimeout = 1205;
    public const int LockDeadlock = 1213;
    public const int FeatureDisabled = 1289;
    public const int OptionPreventsStatement = 1290;
    public const int TableChanged = 1412;

    /// <summary>The number in an exception or in one inside it; null when the failure is not the server's.</summary>
    public static int? NumberOf(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is MySqlException { SqlState: not null, Number: not 0 and var number })
                return number;
        }

        return null;
    }

    /// <summary>
    /// Errors that say that a value does not fit its column. Nothing that is not known for certain to be about the data
    /// is in this list: a full disk, a missing privilege or an unknown number must never reject an event.
    /// </summary>
    public static bool IsAboutData(int number) => number is
        1048 // column cannot be null
        or 1264 // out of range
        or 1265 // data truncated
        or 1292 // incorrect value
        or 1364 // no default value
        or 1366 // incorrect value for a column
        or 1367 // illegal value
        or 1406 // data too long
        or 1411 // incorrect value for a function
        or 3140 // invalid JSON text
        or 4025; // a CHECK constraint failed (MariaDB)

    /// <summary>Errors after which a session is of no further use, or another server is to be asked.</summary>
    public static bool EndsSession(int number) => number is
        1047 // unknown command: a node of a cluster that is not part of it at present
        or 1053 // server shutdown in progress
        or 1927 // connection was killed
        or 3169; // session was killed
}
