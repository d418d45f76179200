using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Pages;

namespace JanusEvents.Relational.Tests;

/// <summary><c>docs/tables.md</c> is made of the definitions of the tables.</summary>
public sealed class TablePageTests
{
    private const string Accepting = "JANUSEVENTS_ACCEPT_TABLES";

    [Fact]
    public void The_page_says_what_the_definitions_say()
    {
        var (page, made) = TablePage.Read();
        if (Environment.GetEnvironmentVariable(Accepting) == "1")
            File.WriteAllText(TablePage.File, page = made);

        page.Split('\n').Should().Equal(
            made.Split('\n'),
            $"docs/tables.md is made of the definitions. Where their change is meant, write it down with\n" +
            $"    {Accepting}=1 dotnet test -c Release tests/JanusEvents.Relational.Tests --filter TablePageTests\nand commit the file");
    }

    [Fact]
    public void The_columns_that_are_marked_as_published_are_those_of_the_published_script()
    {
        foreach (var table in EventTables.All)
        {
            var published = TablePage.PublishedColumns(table.Name);
            if (published.Count > 0)
                table.EventColumns.Where(c => c.Published).Select(c => c.Name).Prepend("id").Should().Equal(published, table.Name);
        }

        EventTables.All.Count(table => TablePage.PublishedColumns(table.Name).Count > 0).Should().Be(12);
    }
}
