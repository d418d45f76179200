using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Packages.Tests;

/// <summary>
/// A small store that sees none of the packages' internals, as somebody else would write it: nothing is lost and nothing stored
/// twice, with and without a spool, also when its commit succeeds and the host does not learn of it.
/// </summary>
public sealed class StoreOfOnesOwnTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_stores_each_event_once_whatever_becomes_of_its_commits(bool spool)
    {
        using (SmallStore store = new(_folder["store.db"]) { LosesOutcomeOf = 2 })
        {
            using IHost host = Build(store, spool);
            await host.StartAsync();
            for (int session = 1; session <= 5; session++)
            {
                // Retransmitted, as Janus does when the first answer is lost.
                (await DeliverAsync(host, Body(session))).Should().NotBe(DeliveryResult.NotStored);
                (await DeliverAsync(host, Body(session))).Should().NotBe(DeliveryResult.NotStored);
            }

            await Wait.UntilAsync(() => store.Sessions().Count >= 5, Wait.Limit, "the events to be stored");
            await host.StopAsync();
        }

        using SmallStore again = new(_folder["store.db"]);
        using IHost next = Build(again, spool);
        await next.StartAsync();
        (await DeliverAsync(next, Body(5))).Should().NotBe(DeliveryResult.NotStored);
        (await DeliverAsync(next, Body(6))).Should().Be(DeliveryResult.Stored);
        await Wait.UntilAsync(() => again.Sessions().Contains(6), Wait.Limit, "the last event to be stored");
        await next.StopAsync();
        again.Sessions().Should().Equal(1, 2, 3, 4, 5, 6);
    }

    private static Task<DeliveryResult> DeliverAsync(IHost host, ReceivedBody body) =>
        host.Services.GetRequiredService<IBodyDelivery>().DeliverAsync(body, CancellationToken.None).AsTask().WaitAsync(Wait.Limit);

    private static ReceivedBody Body(int session) =>
        ReceivedBody.FromEvents([new SessionEvent { SessionId = session, Name = SessionStates.Created }], DateTimeOffset.UnixEpoch);

    private IHost Build(SmallStore store, bool spool)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        JanusEventsBuilder events = builder.Services.AddJanusEvents(options => options.RetryDelay = TimeSpan.FromMilliseconds(10)).AddSink(store);
        if (spool)
            events.UseSpool(_folder["spool.db"]);
        return builder.Build();
    }

    /// <summary>Hashes, events and the place in the spool, in one transaction.</summary>
    private sealed class SmallStore : IResumingSink, IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly Lock _gate = new();
        private int _writes;

        public SmallStore(string path)
        {
            _connection = new SqliteConnection($"Data Source={path};Pooling=False");
            _connection.Open();
            Execute("""
                CREATE TABLE IF NOT EXISTS hashes (hash BLOB PRIMARY KEY);
                CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, json TEXT NOT NULL, session INTEGER);
                CREATE TABLE IF NOT EXISTS spools (spool TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
                """);
        }

        /// <summary>The write, from 1, that is committed and fails all the same.</summary>
        public int LosesOutcomeOf { get; init; }

        public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                using SqliteCommand command = Command("SELECT sequence FROM spools WHERE spool = $spool", ("$spool", spool.ToString()));
                return ValueTask.FromResult(command.ExecuteScalar() as long? ?? 0);
            }
        }

        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                using SqliteTransaction transaction = _connection.BeginTransaction();
                foreach (ReceivedBody body in batch.Bodies)
                {
                    if (Execute("INSERT OR IGNORE INTO hashes (hash) VALUES ($hash)", ("$hash", body.Hash.ToArray())) == 0)
                        continue;
                    foreach (JanusEvent e in body.Events)
                        Execute("INSERT INTO events (json, session) VALUES ($json, $session)", ("$json", e.ToJson()), ("$session", e.SessionId));
                }

                if (batch.Position is { } position)
                {
                    Execute(
                        "INSERT OR REPLACE INTO spools (spool, sequence) VALUES ($spool, $sequence)",
                        ("$spool", position.Spool.ToString()), ("$sequence", position.Sequence));
                }

                transaction.Commit();
                if (++_writes == LosesOutcomeOf)
                    throw new IOException("The answer to the commit was lost.");
                return ValueTask.CompletedTask;
            }
        }

        public List<long> Sessions()
        {
            lock (_gate)
            {
                using SqliteCommand command = Command("SELECT session FROM events ORDER BY id");
                using SqliteDataReader reader = command.ExecuteReader();
                List<long> sessions = [];
                while (reader.Read())
                    sessions.Add(reader.GetInt64(0));
                return sessions;
            }
        }

        public void Dispose() => _connection.Dispose();

        private int Execute(string sql, params (string Name, object? Value)[] values)
        {
            using SqliteCommand command = Command(sql, values);
            return command.ExecuteNonQuery();
        }

#pragma warning disable CA2100 // The statements are those above; values are parameters.
        private SqliteCommand Command(string sql, params (string Name, object? Value)[] values)
        {
            SqliteCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach ((string name, object? value) in values)
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            return command;
        }
#pragma warning restore CA2100
    }
}
