using JanusEvents.Delivery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JanusEvents.Sqlite.Tests;

/// <summary>The options of stores and of the spool come from the section JanusEvents, one of a store's name in it, and code.</summary>
public sealed class StoreSettingsTests
{
    [Fact]
    public void A_store_takes_the_section_then_the_one_of_its_name_and_then_code()
    {
        using var services = Build(
            b => b.AddSqlite("Data Source=a.db", o => o.RejectedAge = TimeSpan.FromDays(1)).AddSqlite("Data Source=b.db"),
            ("JanusEvents:MaxRejectedBytes", "5"),
            ("JanusEvents:RejectedAge", "2.00:00:00"),
            ("JanusEvents:HashWindow", "03:00:00"),
            ("JanusEvents:Retention:KeepDays", "30"),
            ("JanusEvents:Retention:Tables:stats", "7"),
            ("JanusEvents:Sqlite:UpgradeSchema", "true"),
            ("JanusEvents:Sqlite 2:MaxRejectedBytes", "6"),
            ("JanusEvents:Sqlite 2:Retention:Tables:sdps", "3"));

        var stores = services.GetRequiredService<IOptionsMonitor<EventStoreOptions>>();
        var (first, second) = (stores.Get("Sqlite"), stores.Get("Sqlite 2"));

        (first.MaxRejectedBytes, first.RejectedAge, first.UpgradeSchema).Should().Be((5, TimeSpan.FromDays(1), true));
        (second.MaxRejectedBytes, second.RejectedAge, second.UpgradeSchema).Should().Be((6, TimeSpan.FromDays(2), false));
        new[] { first, second }.Should().OnlyContain(o => o.HashWindow == TimeSpan.FromHours(3) && o.Retention.KeepDays == 30 && o.Retention.Tables["STATS"] == 7);
        first.Retention.Tables.Keys.Should().Equal("stats");
        second.Retention.Tables.Keys.Should().Equal("stats", "sdps");
    }

    [Fact]
    public void The_spool_takes_its_section_and_then_code()
    {
        using var services = Build(
            b => b.AddSqlite("Data Source=a.db").UseSpool("spool.db", o => o.ReservedDiskBytes = 3),
            ("JanusEvents:Spool", "a path that the host reads"),
            ("JanusEvents:Spool:MaxBytes", "2000000"),
            ("JanusEvents:Spool:ReservedDiskBytes", "2"),
            ("JanusEvents:Spool:HashWindow", "05:00:00"));

        var options = services.GetRequiredService<IOptions<SpoolOptions>>().Value;

        (options.MaxBytes, options.ReservedDiskBytes).Should().Be((2_000_000, 3));
        services.GetRequiredService<SpoolWindow>().HashWindow.Should().Be(TimeSpan.FromHours(5));
    }

    [Theory]
    [InlineData("HashWindow", "00:01:00", "is 00:01:00; it must be at least 00:02:00, since Janus sends a body again for about one minute.")]
    [InlineData("Sqlite:HashWindow", "00:01:00", "is 00:01:00; it must be at least 00:02:00, since Janus sends a body again for about one minute.")]
    [InlineData("MaxRejectedBytes", "-1", "is -1; it must be at least 0.")]
    [InlineData("RejectedAge", "0", "is 00:00:00; it must be more than zero.")]
    [InlineData("RejectedAge", "a month", "is \"a month\"; it must be a time as hours:minutes:seconds, such as 00:00:08, or 1.00:00:00 for a day.")]
    [InlineData("Retention:KeepDays", "0", "is 0; it must be 1 to 36,500 days. Omit it to keep rows indefinitely.")]
    [InlineData("Retention:KeepDays", "a week", "is \"a week\"; it must be a whole number, such as 1000, up to 2147483647.")]
    [InlineData("Retention:Tables:stats", "a week", "is \"a week\"; it must be a whole number, such as 1000, up to 2147483647.")]
    [InlineData("Retention:Tables:stat", "7", "is 7, but no table of events is called so. Name one of sessions, *; what is rejected has JanusEvents:RejectedAge.")]
    [InlineData("Sqlite:Retention:PartitionByDay", "true", "is True, but AddSqlite stores into a database that has no partitions. Leave it out: *")]
    [InlineData("Retention", "30", "is \"30\"; it must be a section with keys of its own, which docs/settings.md lists.")]
    [InlineData("Spool:MaxBytes", "1000", "is 1000; it must be at least 1048576 (1 MiB).")]
    [InlineData("Spool:ReservedDiskBytes", "-1", "is -1; it must be at least 0.")]
    [InlineData("Spool:HashWindow", "00:01:59", "is 00:01:59; it must be at least 00:02:00, since Janus sends a body again for about one minute.")]
    public void A_wrong_setting_ends_the_start_with_its_key_the_value_and_the_fix(string key, string value, string message)
    {
        using var services = Build(b => b.AddSqlite("Data Source=a.db").UseSpool("spool.db"), ($"JanusEvents:{key}", value));

        var starting = services.GetRequiredService<IStartupValidator>().Validate;

        starting.Should().Throw<OptionsValidationException>().WithMessage($"JanusEvents:{key} {message}");
    }

    [Fact]
    public void What_code_sets_out_of_range_ends_the_start_too()
    {
        using var services = Build(b => b
            .AddSqlite("Data Source=a.db", o => o.MaxRejectedBytes = -1)
            .UseSpool("spool.db", o => o.MaxBytes = 0));

        var starting = services.GetRequiredService<IStartupValidator>().Validate;

        starting.Should().Throw<AggregateException>().Which.InnerExceptions.Select(e => e.Message).Should().BeEquivalentTo(
            "JanusEvents:MaxRejectedBytes is -1; it must be at least 0.",
            "JanusEvents:Spool:MaxBytes is 0; it must be at least 1048576 (1 MiB).");
    }

    private static ServiceProvider Build(Action<JanusEventsBuilder> add, params (string Key, string Value)[] settings)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
            .Build());
        add(services.AddJanusEvents());
        return services.BuildServiceProvider();
    }
}
