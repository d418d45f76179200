using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

/// <summary>Settings of the driver and of the server under which other programs' statements mean something else.</summary>
public sealed class SettingTests(MariaDbFixture fixture, SettingTests.OwnServer ownServer) : IClassFixture<SettingTests.OwnServer>
{
    // Texts that end a literal, begin a comment, or are another kind of quote, under one setting or another.
    private static readonly string[] s_texts =
    [
        @"\'", @"x\'); DELETE FROM sessions; -- ", "'; DROP TABLE sessions; -- ", "\"", "\" || \"", "a''b", @"\", "`", "?", "@p0", "0x27", "%_", "/*", "é😀",
    ];

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData("sql_mode", "'ANSI_QUOTES'")]
    [InlineData("sql_mode", "'NO_BACKSLASH_ESCAPES'")]
    [InlineData("sql_mode", "'PIPES_AS_CONCAT,IGNORE_SPACE,HIGH_NOT_PRECEDENCE,REAL_AS_FLOAT,PAD_CHAR_TO_FULL_LENGTH'")]
    [InlineData("sql_mode", "'ANSI,TRADITIONAL,ONLY_FULL_GROUP_BY,NO_ZERO_DATE'")]
    [InlineData("sql_mode", "'ORACLE'")]
    [InlineData("sql_mode", "''")]
    [InlineData("autocommit", "0")]
    [InlineData("sql_auto_is_null", "1")]
    [InlineData("sql_safe_updates", "1")]
    [InlineData("sql_select_limit", "1")]
    [InlineData("character_set_client", "latin1")]
    [InlineData("character_set_server", "gbk")]
    [InlineData("collation_server", "utf8mb4_turkish_ci")]
    [InlineData("init_connect", "'SET NAMES latin1, sql_mode = \"NO_BACKSLASH_ESCAPES\", autocommit = 0'")]
    [InlineData("tx_read_only", "1")]
    [InlineData("time_zone", "'+05:30'")]
    [InlineData("innodb_strict_mode", "OFF")]
    [InlineData("lc_messages", "'de_DE'")]
    [InlineData("foreign_key_checks", "0")]
    public async Task All_is_stored_and_read_back_under_a_setting_of_the_server(string variable, string value)
    {
        var server = await ownServer.GetAsync();
        var database = await server.CreateDatabaseAsync();
        await server.QueryAsync(
            $"CREATE USER {database.Name}@'127.0.0.1' IDENTIFIED BY 'p'; GRANT ALL ON {database.Name}.* TO {database.Name}@'127.0.0.1'; "
            + $"SET GLOBAL {variable} = {value}");

        // init_connect is not for those who may do everything.
        var connectionString = new MySqlConnectionStringBuilder(database.ConnectionString) { UserID = database.Name, Password = "p" }.ConnectionString;

        try
        {
            await ShouldKeepAllAsync(builder => builder.AddMySql(connectionString));
        }
        finally
        {
            await server.QueryAsync($"SET GLOBAL {variable} = DEFAULT");
        }
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData("NoBackslashEscapes=true")]
    [InlineData("AllowUserVariables=true")]
    [InlineData("TreatTinyAsBoolean=true")]
    [InlineData("GuidFormat=Binary16")]
    [InlineData("DateTimeKind=Utc")]
    [InlineData("DateTimeKind=Local")]
    [InlineData("AllowZeroDateTime=true")]
    [InlineData("ConvertZeroDateTime=true")]
    [InlineData("UseAffectedRows=true")]
    [InlineData("IgnorePrepare=true")]
    [InlineData("IgnoreCommandTransaction=true")]
    [InlineData("Pooling=false")]
    [InlineData("ConnectionReset=false")]
    [InlineData("Pipelining=false")]
    [InlineData("UseCompression=true")]
    [InlineData("CharacterSet=latin1")]
    [InlineData("AllowLoadLocalInfile=true")]
    [InlineData("DefaultCommandTimeout=1")]
    public async Task All_is_stored_and_read_back_under_a_setting_of_the_driver(string setting)
    {
        var database = await fixture.CreateDatabaseAsync();

        await ShouldKeepAllAsync(builder => builder.AddMySql($"{database.ConnectionString};{setting}"));
        if (setting is "NoBackslashEscapes=true" or "ConnectionReset=false")
            return; // refused in a data source of the host's

        database = await fixture.CreateDatabaseAsync();
        await using var dataSource = new MySqlDataSource($"{database.ConnectionString};{setting}");
        await ShouldKeepAllAsync(builder => builder.AddMySql(dataSource));
    }

    private static async Task ShouldKeepAllAsync(Action<JanusEventsBuilder> add)
    {
        await using var host = await StoreHost.StartAsync(add);
        ReceivedBody[] bodies =
        [
            // Some in a script, and enough to be a prepared statement.
            Bodies.Of([.. s_texts.Select((text, i) => Bodies.Session(i, text))]),
            Bodies.Of([.. s_texts.Select((text, i) => Bodies.Plugin(i, Bodies.Text(text)))]),
            Bodies.Of([.. Enumerable.Range(0, 1500).Select(i => Bodies.Session(i, s_texts[i % s_texts.Length]))]),
            .. Captures.Names.Take(3).SelectMany(Bodies.OfCapture),
        ];
        await host.WriteAllAsync(bodies, perBatch: 20);
        await host.WriteAllAsync(bodies.Take(3), perBatch: 3);

        var sent = bodies.SelectMany(b => b.Events).Select(e => ExactJson.Canonical(e.Json.Utf8)).ToList();
        var read = (await host.ReadAsync(new EventQuery())).Select(e => ExactJson.Canonical(e.Json.Utf8)).ToList();
        read.Should().HaveCount(sent.Count);
        for (var i = 0; i < sent.Count; i++)
            read[i].Should().Be(sent[i], "that is event {0}", i);
    }

    /// <summary>A server whose settings are changed.</summary>
    public sealed class OwnServer : IAsyncDisposable
    {
        private MariaDbServer? _server;

        public async Task<MariaDbServer> GetAsync() => _server ??= await MariaDbServer.StartAsync();

        public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
    }
}
