using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JanusEvents.FaultHost.Faults;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests;

/// <summary>The database is there and does not do what it is asked.</summary>
public sealed class DatabaseTroubleTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task Another_transaction_holds_a_lock_until_the_wait_times_out(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        (await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([1]))).Status.Should().Be(200);
        await scene.UntilStoredAsync(1);
        string body = NumberedBody.Json([2, 3]);
        await using DbConnection other = await scene.ConnectAsync();
        await ExecuteAsync(other, "BEGIN");
        await ExecuteAsync(other, InsertHash(body));

        Task<SentBody> sent = new JanusSender(scene.Backend).SendAsync(body);
        await WaitingForLockAsync(scene, "the host to wait for the lock");
        await Wait.UntilAsync(
            async () => await StatusAsync(scene, "Innodb_row_lock_waits") >= 2,
            s_limit,
            "the host to try again after its wait timed out");
        await ExecuteAsync(other, "ROLLBACK");

        (await sent).Status.Should().Be(200);
        await scene.UntilStoredAsync(3);
        (await scene.StoredAsync()).Should().Equal(1, 2, 3);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool)]
    public async Task The_host_loses_a_deadlock_against_another_transaction(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        (await new JanusSender(scene.Backend).SendAsync(NumberedBody.Json([1]))).Status.Should().Be(200);
        await scene.UntilStoredAsync(1);
        string body = NumberedBody.Json([2]);

        // It holds the end of the table, and the server gives up the transaction that has written less.
        await using DbConnection other = await scene.ConnectAsync();
        await ExecuteAsync(other, "CREATE TABLE ballast (number INT)");
        await ExecuteAsync(other, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        await ExecuteAsync(other, "BEGIN");
        await ExecuteAsync(other, "INSERT INTO ballast SELECT seq FROM seq_1_to_50");
        await ExecuteAsync(other, "SELECT id FROM sessions WHERE id > 0 FOR UPDATE");
        Task<SentBody> sent = new JanusSender(scene.Backend).SendAsync(body);
        await WaitingForLockAsync(scene, "the host to hold the hash and wait for the table");
        await ExecuteAsync(other, InsertHash(body));
        await ExecuteAsync(other, "ROLLBACK");

        (await sent).Status.Should().Be(200);
        (await StatusAsync(scene, "Innodb_deadlocks")).Should().BeGreaterThan(0);
        await scene.UntilStoredAsync(2);
        (await scene.StoredAsync()).Should().Equal(1, 2);
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task A_table_is_dropped_under_load(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.StartHostAsync();
        NumberedLoad before = NumberedLoad.Start(scene.Backend);
        await before.UntilAcknowledgedAsync(20, () => scene.Host.Output);
        await before.StopAsync();
        await scene.UntilStoredAsync(before.Acknowledged.Count);

        await scene.Database.QueryAsync("DROP TABLE sessions");
        NumberedLoad after = NumberedLoad.Start(scene.Backend, firstSender: 11);
        await after.UntilAcknowledgedAsync(40, () => scene.Host.Output);
        await after.StopAsync();

        await Wait.UntilAsync(
            async () => await scene.Database.ValueAsync("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'sessions'") == "1",
            s_limit,
            "the table to be made again");
        await scene.ShouldHoldEverythingOnceAsync(after);
        (await scene.Database.ValueAsync("SELECT COUNT(*) FROM rejected")).Should().Be("0", "nothing was wrong with the events");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task The_database_is_read_only_for_a_while(Acknowledge acknowledge)
    {
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await scene.Database.QueryAsync(
            $"CREATE USER 'writer'@'127.0.0.1' IDENTIFIED BY 'pass'; GRANT ALL ON {scene.Database.Name}.* TO 'writer'@'127.0.0.1'");
        scene.ConnectionString = new DbConnectionStringBuilder { ConnectionString = scene.Database.ConnectionString, ["User ID"] = "writer", ["Password"] = "pass" }.ConnectionString;
        await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend);
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);

        await scene.Database.QueryAsync("SET GLOBAL read_only = ON");
        await scene.Host.WaitForLineAsync(line => line.Contains("read-only", StringComparison.Ordinal), s_limit, "the host to be refused");
        await scene.Database.QueryAsync("SET GLOBAL read_only = OFF");
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);
        await load.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
        (await scene.Database.ValueAsync("SELECT COUNT(*) FROM rejected")).Should().Be("0");
    }

    [TheoryNeeding(Capabilities.MariaDb | Capabilities.TemporaryFileSystems)]
    [InlineData(Acknowledge.AfterCommit)]
    [InlineData(Acknowledge.AfterSpool, Traits = ["Category", "Slow"])]
    public async Task The_disk_of_the_database_is_full_for_a_while(Acknowledge acknowledge)
    {
        // What the spool takes while the server is away must fit as well: 400 bodies a second, for minutes.
        using SmallDisk disk = new(megabytes: 512);
        await using Scene scene = await Scene.StartAsync(acknowledge);
        await MoveDatabaseAsync(scene, disk);
        await scene.StartHostAsync();
        NumberedLoad load = NumberedLoad.Start(scene.Backend, padding: 5_000);
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);
        await scene.UntilStoredAsync(20);

        disk.Fill();
        await scene.Host.WaitForLineAsync(
            line => line.Contains("cannot store", StringComparison.Ordinal), s_limit, "the database to have no room");

        // As an administrator mends it. MariaDB itself may have died of it.
        disk.Free();
        await scene.Server.KillAsync();
        await scene.Server.StartAgainAsync();
        await load.UntilAcknowledgedAsync(20, () => scene.Host.Output);
        await load.StopAsync();

        await scene.ShouldHoldEverythingOnceAsync(load);
        (await scene.Database.ValueAsync("SELECT COUNT(*) FROM rejected")).Should().Be("0", "nothing was wrong with the events");
    }

    /// <summary>Lets the database's folder lie on another disk, as an administrator would do it.</summary>
    private static async Task MoveDatabaseAsync(Scene scene, SmallDisk disk)
    {
        string folder = Path.Combine(Path.GetDirectoryName(scene.Server.Socket)!, "data", scene.Database.Name);
        await scene.Server.StopAsync();
        Directory.CreateDirectory(disk["database"]);
        foreach (string file in Directory.GetFiles(folder))
            File.Copy(file, Path.Combine(disk["database"], Path.GetFileName(file)));
        Directory.Delete(folder, recursive: true);
        Directory.CreateSymbolicLink(folder, disk["database"]);
        await scene.Server.StartAgainAsync();
    }

    private static string HashOf(string body) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private static string InsertHash(string body) => $"INSERT INTO hashes (hash, batch) VALUES (UNHEX('{HashOf(body)}'), 1)";

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    // Not by information_schema.innodb_trx, which shows nothing new to who asks more often than ten times a second.
    private static Task WaitingForLockAsync(Scene scene, string what) => Wait.UntilAsync(
        async () => await StatusAsync(scene, "Innodb_row_lock_current_waits") > 0,
        s_limit,
        what,
        () => scene.Host.Output);

    private static async Task<long> StatusAsync(Scene scene, string name) => long.Parse(
        (await scene.Database.QueryAsync($"SHOW GLOBAL STATUS LIKE '{name}'"))[0][1]!, CultureInfo.InvariantCulture);
}
