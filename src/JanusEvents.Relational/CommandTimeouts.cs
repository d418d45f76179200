using System.Data.Common;

namespace JanusEvents.Relational;

/// <summary>How long the database may take for a command, so that one that stands still holds no writer for ever.</summary>
internal static class CommandTimeouts
{
    // Below the time in which Janus wants its answer.
    private const int WritingSeconds = 5;

    // A table that others use, or a disk that is busy, can keep a CREATE TABLE waiting for long.
    private const int DefiningSeconds = 300;

    /// <summary>Makes a command that reads or writes a few rows.</summary>
    public static DbCommand CreateWritingCommand(this DbConnection connection) => Create(connection, WritingSeconds);

    /// <summary>Makes a command that makes a table.</summary>
    public static DbCommand CreateDefiningCommand(this DbConnection connection) => Create(connection, DefiningSeconds);

    private static DbCommand Create(DbConnection connection, int seconds)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandTimeout = seconds;
        return command;
    }
}
