using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JanusEvents.Sqlite.Tests;

/// <summary>Settings of retention that make no sense are refused when the host starts, with the key, the value and what to do.</summary>
public sealed class RetentionOptionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(36_501)]
    public void Days_out_of_range_are_refused(int days)
    {
        Adding(o => o.Retention.KeepDays = days).Should().Throw<OptionsValidationException>().WithMessage(
            $"JanusEvents:Retention:KeepDays is {days}; it must be 1 to 36,500 days. Omit it to keep rows indefinitely.");
        Adding(o => o.Retention.Tables["stats"] = days).Should().Throw<OptionsValidationException>().WithMessage(
            $"JanusEvents:Retention:Tables:stats is {days}; it must be 1 to 36,500 days. Omit it to keep rows indefinitely.");
    }

    [Theory]
    [InlineData("stat")]
    [InlineData("rejected")]
    [InlineData("hashes")]
    public void A_table_that_is_none_of_events_is_refused_and_the_others_are_named(string table) =>
        Adding(o => o.Retention.Tables[table] = 7).Should().Throw<OptionsValidationException>().WithMessage(
            $"JanusEvents:Retention:Tables:{table} is 7, but no table of events is called so. Name one of sessions, handles, *");

    [Fact]
    public void Partitions_are_refused_since_SQLite_has_none() =>
        Adding(o => o.Retention.PartitionByDay = true).Should().Throw<OptionsValidationException>().WithMessage(
            "JanusEvents:Retention:PartitionByDay is True, but AddSqlite stores into a database that has no partitions. Leave it out: *");

    [Fact]
    public void What_is_in_range_is_taken() =>
        Adding(o =>
        {
            o.Retention.KeepDays = 36_500;
            o.Retention.Tables["STATS"] = 1;
        }).Should().NotThrow();

    private static Action Adding(Action<EventStoreOptions> configure) => () =>
    {
        using var services = new ServiceCollection().AddLogging()
            .AddJanusEvents().AddSqlite("Data Source=a.db", configure).Services.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    };
}
