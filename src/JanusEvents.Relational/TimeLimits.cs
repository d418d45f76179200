using System.Data.Common;

namespace JanusEvents.Relational;

/// <summary>
/// How long the database may take, so that one that stands still holds no writer for ever. The driver is told first;
/// MySql.Data does not heed it in asynchronous calls (an open, a statement or a commit on a server that hangs never
/// ends), so that each call is left alone a second later. Its connection must be thrown away then. And now and then, on a
/// busy machine, it blocks its thread inside an asynchronous call, waiting for bytes that the server has sent: no limit of
/// the call is reached then, so that the work as a whole has one too, and runs on a thread that may be left behind.
/// </summary>
internal static class TimeLimits
{
    // Below the time in which Janus wants its answer.
    private const int WritingSeconds = 5;

    // A table that others use, or a disk that is busy, can keep a CREATE TABLE waiting for long.
    private const int DefiningSeconds = 300;

    // A page of a table that no index helps to find.
    private const int ReadingSeconds = 60;

    // An ALTER copies its table, which may take hours: there is no limit but that the server still works on it.
    private const int Unlimited = 0;

    // How often that is looked at.
    private static readonly TimeSpan s_looking = TimeSpan.FromSeconds(10);

    // All that is done for a batch; long enough to make the tables, which goes on with the next try.
    private static readonly TimeSpan s_whole = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_writing = TimeSpan.FromSeconds(WritingSeconds) + s_grace;

    /// <summary>How long to wait for a connection to close.</summary>
    public static TimeSpan Closing { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Makes a command that reads or writes a few rows.</summary>
    public static DbCommand CreateWritingCommand(this DbConnection connection) => Create(connection, WritingSeconds);

    /// <summary>Makes a command that reads a page of rows.</summary>
    public static DbCommand CreateReadingCommand(this DbConnection connection) => Create(connection, ReadingSeconds);

    /// <summary>Makes a command that makes a table.</summary>
    public static DbCommand CreateDefiningCommand(this DbConnection connection) => Create(connection, DefiningSeconds);

    /// <summary>Makes a command that changes a table: it is waited for as long as the server works on it.</summary>
    public static DbCommand CreateAlteringCommand(this DbConnection connection) => Create(connection, Unlimited);

    /// <summary>Waits for what a command does, as long as the command may take.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static Task<T> InTimeAsync<T>(this Task<T> call, DbCommand command) =>
        WithinAsync(call, TimeSpan.FromSeconds(command.CommandTimeout) + s_grace);

    /// <summary>Waits for a call that reads or writes little.</summary>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public static Task<T> InTimeAsync<T>(this Task<T> call) => WithinAsync(call, s_writing);

    /// <summary>Waits for a call that may take for hours.</summary>
    /// <param name="call">The call.</param>
    /// <param name="look">Is called every ten seconds, and throws when the server does not work on it any more.</param>
    public static async Task<T> InTimeAsync<T>(this Task<T> call, Func<Task> look)
    {
        try
        {
            while (true)
            {
                if (await Task.WhenAny(call, Task.Delay(s_looking)).ConfigureAwait(false) == call)
                    return await call.ConfigureAwait(false);
                await look().ConfigureAwait(false);
            }
        }
        catch when (!call.IsCompleted)
        {
            Abandon(call);
            throw;
        }
    }

    /// <inheritdoc cref="InTimeAsync{T}(Task{T})"/>
    public static Task InTimeAsync(this Task call) => InTimeAsync(AsTaskOfTAsync(call));

    /// <summary>Does several things in the database.</summary>
    /// <exception cref="TimeoutException">They took longer than they may; what is left of them must find no connection.</exception>
    public static Task RunInTimeAsync(Func<Task> work) => WithinAsync(AsTaskOfTAsync(Task.Run(work)), s_whole);

    /// <summary>Changes the definition of a table.</summary>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public static Task DefineInTimeAsync(Func<Task> define) =>
        WithinAsync(AsTaskOfTAsync(Task.Run(define)), TimeSpan.FromSeconds(DefiningSeconds) + s_grace);

    /// <summary>Reads a page of rows.</summary>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public static Task ReadInTimeAsync(Func<Task> read) =>
        WithinAsync(AsTaskOfTAsync(Task.Run(read)), TimeSpan.FromSeconds(ReadingSeconds) + s_grace);

    private static DbCommand Create(DbConnection connection, int seconds)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandTimeout = seconds;
        return command;
    }

    private static async Task<T> WithinAsync<T>(Task<T> call, TimeSpan limit)
    {
        try
        {
            return await call.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            Abandon(call);
            throw new TimeoutException($"The database has not answered for {limit.TotalSeconds:0} s.");
        }
    }

    // Nobody looks at it any more, whatever becomes of it.
    private static void Abandon(Task call) => _ = call.ContinueWith(
        static ended => ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);

    private static async Task<bool> AsTaskOfTAsync(Task call)
    {
        await call.ConfigureAwait(false);
        return true;
    }
}
