using System.Data;
using System.Data.Common;
using System.Diagnostics;

namespace JanusEvents.Relational;

/// <summary>
/// How the drivers are called, and how long the database may take, so that one that stands still holds no writer for ever.
/// Calls wait on their thread: MySql.Data heeds no time limit in asynchronous calls and now and then never ends one on a
/// busy machine, and where one sink has one connection, a thread that waits is what costs the least. Work of several calls
/// has a thread for all of them (<see cref="Writing.WritingThread"/>, <see cref="RunInTimeAsync"/>), and is looked at from
/// outside: a second after the driver should have given up, the work is left behind, and its connection must be thrown
/// away. A call outside of such work has a thread for itself.
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

    /// <summary>Opens a connection.</summary>
    /// <exception cref="TimeoutException">It took longer than it may; the same holds for every call here.</exception>
    public static Task OpenInTimeAsync(this DbConnection connection, CancellationToken cancellationToken) =>
        CallAsync(static c => Done(c.Open), connection, s_writing, cancellationToken);

    public static Task PrepareInTimeAsync(this DbCommand command) => CallAsync(static c => Done(c.Prepare), command, s_writing);

    public static Task<int> ExecuteNonQueryInTimeAsync(this DbCommand command, CancellationToken cancellationToken = default) =>
        CallAsync(static c => c.ExecuteNonQuery(), command, LimitOf(command), cancellationToken);

    public static Task<object?> ExecuteScalarInTimeAsync(this DbCommand command, CancellationToken cancellationToken = default) =>
        CallAsync(static c => c.ExecuteScalar(), command, LimitOf(command), cancellationToken);

    public static Task<DbDataReader> ExecuteReaderInTimeAsync(this DbCommand command, CancellationToken cancellationToken = default) =>
        CallAsync(static c => c.ExecuteReader(), command, LimitOf(command), cancellationToken);

    /// <summary>Reads the next row of what a command found.</summary>
    public static Task<bool> ReadInTimeAsync(this DbDataReader reader, DbCommand command, CancellationToken cancellationToken = default) =>
        CallAsync(static r => r.Read(), reader, LimitOf(command), cancellationToken);

    /// <summary>Goes on to what the next statement of a command found.</summary>
    public static Task<bool> NextResultInTimeAsync(this DbDataReader reader, DbCommand command, CancellationToken cancellationToken = default) =>
        CallAsync(static r => r.NextResult(), reader, LimitOf(command), cancellationToken);

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

    /// <summary>Closes a connection; waits only shortly for a server that does not answer.</summary>
    public static async ValueTask CloseInTimeAsync(Func<ValueTask> close)
    {
        // MySql.Data blocks the thread while it waits for the server's good-bye.
        Task closing = Task.Run(async () => await close().ConfigureAwait(false));
        await closing.WaitAsync(Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Does several things in the database, on a thread for all of them.</summary>
    /// <exception cref="TimeoutException">They, or one of them, took longer than they may; what is left of them must find no connection.</exception>
    public static Task RunInTimeAsync(Func<Task> work) => RunAsync(work, s_whole);

    /// <summary>Changes the definition of a table.</summary>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public static Task DefineInTimeAsync(Func<Task> define) => RunAsync(define, TimeSpan.FromSeconds(DefiningSeconds) + s_grace);

    /// <summary>Reads a page of rows.</summary>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public static Task ReadInTimeAsync(Func<Task> read) => RunAsync(read, TimeSpan.FromSeconds(ReadingSeconds) + s_grace);

    /// <summary>Waits for work for a batch.</summary>
    /// <exception cref="TimeoutException">It, or a call of it, took longer than it may; what is left of it must find no connection.</exception>
    public static Task WriteInTimeAsync(Task work, CallWatch watch) => InTimeAsync(work, watch, s_whole);

    private static DbCommand Create(DbConnection connection, int seconds)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandTimeout = seconds;
        return command;
    }

    private static Task RunAsync(Func<Task> work, TimeSpan whole)
    {
        CallWatch watch = new();
        return InTimeAsync(Task.Run(() => watch.Run(work)), watch, whole);
    }

    private static TimeSpan LimitOf(DbCommand command) => TimeSpan.FromSeconds(command.CommandTimeout) + s_grace;

    private static bool Done(Action call)
    {
        call();
        return true;
    }

    private static Task<T> CallAsync<TOn, T>(Func<TOn, T> call, TOn on, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (CallWatch.OfThisThread is not { } watch)
            return AloneAsync(call, on, limit);

        watch.Begin(limit);
        try
        {
            return Task.FromResult(call(on));
        }
        finally
        {
            watch.End();
        }
    }

    private static async Task<T> AloneAsync<TOn, T>(Func<TOn, T> call, TOn on, TimeSpan limit)
    {
        Task<T> running = Task.Run(() => call(on));
        if (!await IsOverAsync(running, limit).ConfigureAwait(false))
        {
            Abandon(running);
            throw NoAnswer(limit);
        }

        return await running.ConfigureAwait(false);
    }

    private static async Task InTimeAsync(Task work, CallWatch watch, TimeSpan whole)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await IsOverAsync(work, s_grace).ConfigureAwait(false))
        {
            TimeSpan? over = watch.Over ?? (Stopwatch.GetElapsedTime(began) >= whole ? whole : null);
            if (over is not { } limit)
                continue;
            Abandon(work);
            throw NoAnswer(limit);
        }

        await work.ConfigureAwait(false);
    }

    /// <summary>Waits for a while, and says whether it is over, whatever its end.</summary>
    private static async Task<bool> IsOverAsync(Task work, TimeSpan time)
    {
        await work.WaitAsync(time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return work.IsCompleted;
    }

    private static TimeoutException NoAnswer(TimeSpan limit) => new($"The database has not answered for {limit.TotalSeconds:0} s.");

    // Nobody looks at it any more, whatever becomes of it.
    private static void Abandon(Task call) => _ = call.ContinueWith(
        static ended => ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
