using MySqlConnector;

namespace JanusEvents.MySql;

/// <summary>The error numbers of MySQL and MariaDB that decide what happens to a batch.</summary>
internal static class ServerError
{
    public const int RecordChanged = 1020;
    public const int DuplicateKey = 1062;
    public const int NoSuchTable = 1146;
    public const int NoSuchSavepoint = 1305;
    public const int LockWaitTimeout = 1205;
    public const int LockDeadlock = 1213;
    public const int FeatureDisabled = 1289;
    public const int OptionPreventsStatement = 1290;
    public const int TableChanged = 1412;
    public const int RolledBackByGroup = 3101;

    /// <summary>The number in an exception or in one inside it; null when the failure is not the server's.</summary>
    public static int? NumberOf(Exception exception) => Of(exception)?.Number;

    /// <summary>An exception, or one inside it, that the server's error made; null when the failure is not the server's.</summary>
    public static MySqlException? Of(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is MySqlException { SqlState: not null, Number: not 0 } error)
                return error;
        }

        return null;
    }

    /// <summary>
    /// Errors that say that a row does not fit its table: a value its column, or the row a constraint, which may be one of the
    /// table's owner. A full disk, a missing privilege or an unknown number must never reject an event by itself.
    /// </summary>
    public static bool IsAboutData(int number) => number is
        1048 // column cannot be null
        or DuplicateKey // of a key that is not the primary one
        or 1118 // row too large
        or 1169 // duplicate value of a unique constraint
        or 1216 or 1452 // no parent row of a foreign key
        or 1264 // out of range
        or 1265 // data truncated
        or 1292 // incorrect value
        or 1364 // no default value
        or 1365 // division by zero
        or 1366 // incorrect value for a column
        or 1367 // illegal value
        or 1406 // data too long
        or 1411 // incorrect value for a function
        or 1416 // no geometry
        or 1441 // a function of a time overflows
        or 1526 // no partition for the row
        or 1557 or 1761 or 1762 // duplicate key in a table that refers to this one
        or 1586 or 1859 // duplicate key, by its name
        or 1642 or 1643 or 1644 // SIGNAL, of a trigger
        or 1690 // out of range in an expression
        or 1713 // the undo record would be too large
        or 1748 // not in the partitions that were named
        or 3140 // invalid JSON text
        or 3819 or 4025; // a CHECK constraint failed (MySQL, MariaDB)

    /// <summary>Errors that say that the store cannot store at present, whatever the row.</summary>
    public static bool IsOutage(int number) => number is
        1006 or 1007 or 1008 // databases
        or (>= 1014 and <= 1019) or (>= 1021 and <= 1030) or (>= 1033 and <= 1045) // files, disk, engine, memory, connections, rights
        or 1046 or 1047 or 1049 // no such database, not part of its cluster
        or 1053 or 1077 or 1078 or 1079 or 1080 or 1081 // shutdown, sockets
        or 1114 // table full
        or 1129 or 1130 or 1142 or 1143 or 1152 // host, rights
        or (>= 1153 and <= 1161) or 1184 // network
        or 1180 or 1181 or 1182 // commit, rollback
        or 1194 or 1195 // table crashed
        or 1203 or 1226 or 1227 // limits of an account, rights
        or OptionPreventsStatement or 1317 or 1370 // an option such as --read-only, interrupted, rights
        or 1662 or 1663 or 1664 or 1665 or 1666 or 1667 // binary log
        or 1785 or 1792 or 1812 or 1815 or 1836 or 1874 or 1927 or 3169 // read-only transaction or server, tablespace
        or 1969 or 3024 or 3098 or 3100; // time limit of a statement, group replication

    /// <summary>Whether the message of a duplicate key is about the primary one.</summary>
    public static bool IsPrimaryKey(string message) =>
        message.EndsWith("'PRIMARY'", StringComparison.Ordinal) || message.EndsWith(".PRIMARY'", StringComparison.Ordinal);

    /// <summary>Whether the message quotes no value of a row, but names at most.</summary>
    public static bool NamesOnly(int number) =>
        number is 1048 or 1118 or 1264 or 1364 or 1406 or 1452 or 3819 or 4025 || IsOutage(number);

    /// <summary>The remedy of an error; empty where nothing is known.</summary>
    public static string RemedyOf(int number) => number switch
    {
        1048 or 1364 => "Let the column be NULL, or give it a default (ALTER TABLE).",
        1264 or 1406 => "Make the column wider (ALTER TABLE); UpgradeSchema does so for the published ones.",
        DuplicateKey or 1169 or 1586 or 1859 => "A unique key that JanusEvents did not make has the value already.",
        1216 or 1452 or 1557 or 1761 or 1762 => "A foreign key that JanusEvents did not make does not allow the row.",
        1526 => "Add a partition for the row.",
        1642 or 1643 or 1644 => "A trigger that JanusEvents did not make does not allow the row.",
        3819 or 4025 => "A CHECK that JanusEvents did not make does not allow the row.",
        1044 or 1142 or 1143 or 1227 or 1370 =>
            "Grant the account SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, CREATE VIEW and SHOW VIEW on the database.",
        1290 or 1792 or 1836 => "Connect to the primary server, or let this one be written to (read_only, super_read_only).",
        1047 => "The server is a node that is not part of its cluster at present; use a proxy that asks for wsrep_ready.",
        1021 or 1114 => "Make room on the disk of the server.",
        1665 => "Set binlog_format to ROW or MIXED.",
        1045 =>
            "The name or the password is wrong, or the server wants encrypted connections (require_secure_transport): then add SslMode=Required.",
        3159 => "Add SslMode=Required to the connection string (require_secure_transport).",
        _ => "",
    };

    /// <summary>
    /// Whether a server takes no statements, or no writes, for some time, while another one behind the same address may: what is
    /// connected to it is of no further use.
    /// </summary>
    public static bool IsAboutServer(int number, string message) => number switch
    {
        1047 => true, // unknown command: a node of a cluster that is not part of it at present
        1053 => true, // server shutdown in progress
        1836 => true, // read-only

        // --read-only, --super-read-only, --innodb-read-only; any other option says nothing about the server.
        OptionPreventsStatement => message.Contains("read-only", StringComparison.OrdinalIgnoreCase)
            || message.Contains("read_only", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>Whether a session is of no further use after an error.</summary>
    public static bool EndsSession(int number, string message) => IsAboutServer(number, message) || number is
        1927 // connection was killed
        or 3169; // session was killed
}
