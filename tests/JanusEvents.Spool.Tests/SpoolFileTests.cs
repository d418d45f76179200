using System.Globalization;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Spool.Tests;

/// <summary>The file of a spool by itself.</summary>
public sealed class SpoolFileTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new();

    private string Path => _folder["spool.db"];

    [Fact]
    public void Bodies_are_read_in_the_order_of_their_arrival_as_they_came()
    {
        using SpoolFile file = Open();
        file.Append([Body(3), Body(1)]);
        file.Append([Body(2)]);

        List<SpooledBody> read = file.Read(0, MiB, 100);

        read.Select(b => b.Sequence).Should().Equal(1, 2, 3);
        read.Select(b => b.Json).Should().BeEquivalentTo(new[] { Body(3), Body(1), Body(2) }.Select(b => b.Json.ToArray()), o => o.WithStrictOrdering());
        read.Should().OnlyContain(b => b.ArrivedAt == _time.Now && b.RemoteAddress == "192.0.2.1");
        file.Read(2, MiB, 100).Select(b => b.Sequence).Should().Equal(3);
        file.Read(3, MiB, 100).Should().BeEmpty();
        file.Read(0, 1, 100).Should().ContainSingle("there is always at least one");
        file.Read(0, MiB, 2).Should().HaveCount(2);
    }

    [Fact]
    public void Everything_is_there_when_the_file_is_opened_again()
    {
        Guid id;
        using (SpoolFile file = Open())
        {
            id = file.Id;
            file.Append([Body(1), Body(2), Body(3)]);
            file.Record("a sink", done: 1, doneByAll: 1);
        }

        using SpoolFile again = Open();

        again.Id.Should().Be(id);
        again.LastAtOpen.Should().Be(3);
        again.ReadDone("a sink").Should().Be(1);
        again.ReadDone("another sink").Should().Be(0);
        again.Read(0, MiB, 100).Select(b => b.Sequence).Should().Equal(2, 3);
        (again.Bodies, again.Bytes).Should().Be((2, Body(2).Json.Length + Body(3).Json.Length));
        again.Append([Body(1)]);
        again.Bodies.Should().Be(2, "the hash of a body is known although the body was removed");
    }

    [Fact]
    public void A_file_made_anew_has_another_id()
    {
        Guid id;
        using (SpoolFile file = Open())
            id = file.Id;
        foreach (string part in Directory.GetFiles(_folder.Path))
            File.Delete(part);

        using SpoolFile anew = Open();

        anew.Id.Should().NotBe(id);
        anew.LastAtOpen.Should().Be(0);
    }

    [Fact]
    public void Numbers_are_never_given_again_when_all_bodies_were_removed()
    {
        using (SpoolFile file = Open())
        {
            file.Append([Body(1), Body(2)]);
            file.Record("a sink", 2, 2);
        }

        using SpoolFile again = Open();
        again.Append([Body(3)]);

        again.Read(0, MiB, 100).Select(b => b.Sequence).Should().Equal(3);
    }

    [Fact]
    public void A_body_that_comes_again_within_the_window_is_not_kept_again()
    {
        using SpoolFile file = Open();
        file.Append([Body(1), Body(2), Body(1)]);
        file.Record("a sink", 2, 2);
        _time.Now += TimeSpan.FromHours(23);

        file.Append([Body(1), Body(3), Body(2)]);

        file.Read(0, MiB, 100).Select(b => b.Sequence).Should().Equal(3);
        file.Bodies.Should().Be(1);
    }

    [Fact]
    public void Hashes_older_than_the_window_are_removed_a_thousand_at_a_time()
    {
        using SpoolFile file = Open();
        file.Append([.. Enumerable.Range(0, 2500).Select(n => Body(n))]);
        _time.Now += TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1);

        List<long> left = [];
        for (int i = 0; i < 4; i++)
        {
            file.Append([Body(10_000 + i)]);
            left.Add(Hashes());
        }

        left.Should().Equal(1501, 502, 3, 4);
        file.Append([Body(1)]);
        file.Bodies.Should().Be(2505, "after the window a body that comes again cannot be told");
    }

    [Fact]
    public void Every_commit_is_flushed_to_the_disk()
    {
        using SpoolDatabase database = SpoolDatabase.Open(Path);

        database.Scalar("PRAGMA synchronous").Should().Be(2L, "2 is FULL: with a write-ahead log, NORMAL loses the latest commits when the power fails");
        database.Scalar("PRAGMA journal_mode").Should().Be("wal");
    }

    [Fact]
    public void Beyond_its_bound_it_takes_nothing_and_takes_again_when_there_is_room()
    {
        using SpoolFile file = Open(new SpoolOptions { MaxBytes = MiB });
        int taken = 0;
        Action fill = () =>
        {
            while (taken < 100)
            {
                file.Append([NumberedBody.OfSize(taken, 20_000)]);
                taken++;
            }
        };

        fill.Should().Throw<SpoolFullException>().WithMessage($"*{Path}*full*1048576*");
        taken.Should().BeInRange(30, 52, "that many bodies of 20,000 bytes fit into 1 MiB with what is kept beside them");
        file.Bodies.Should().Be(taken);
        new FileInfo(Path).Length.Should().BeLessThan(MiB + 65536);
        file.Invoking(f => f.Append([NumberedBody.OfSize(500, 20_000)])).Should().Throw<SpoolFullException>("it is still full");

        file.Record("a sink", 10, 10);

        file.Invoking(f => f.Append([NumberedBody.OfSize(taken, 20_000)])).Should().NotThrow();
        file.Read(0, 10 * MiB, 1000).Select(b => b.Sequence).Should().Equal(Enumerable.Range(11, taken - 9).Select(n => (long)n));
    }

    [Fact]
    public void An_empty_spool_takes_a_body_that_is_bigger_than_the_bound()
    {
        using SpoolFile file = Open(new SpoolOptions { MaxBytes = MiB });

        file.Append([NumberedBody.OfSize(1, 3_000_000)]);

        file.Bytes.Should().Be(3_000_000);
        file.Invoking(f => f.Append([Body(2)])).Should().Throw<SpoolFullException>();
    }

    [Fact]
    public void A_second_opening_is_refused_with_what_to_do_and_works_once_the_first_is_closed()
    {
        using (Open())
        {
            Action second = () => Open().Dispose();

            second.Should().Throw<IOException>()
                .WithMessage($"The spool {Path} is used by another process. Give every host a spool of its own, or stop the other host.");
        }

        Open().Dispose();
    }

    [Fact]
    public void A_folder_that_is_missing_and_a_file_that_is_no_spool_are_named()
    {
        Action missing = () => SpoolFile.Open(_folder["missing/spool.db"], new SpoolOptions(), _time).Dispose();
        missing.Should().Throw<IOException>().WithMessage($"The spool {_folder["missing/spool.db"]} cannot be opened: *");

        File.WriteAllText(Path, "This is some text that is long enough not to be taken for the beginning of a database file of SQLite.");
        Action text = () => Open().Dispose();
        text.Should().Throw<IOException>().WithMessage($"The spool {Path} cannot be opened: *");

        File.Delete(Path);
        Open().Dispose();
    }

    [FactNeeding(Capabilities.TemporaryFileSystems)]
    public void A_full_disk_keeps_what_was_taken_and_room_to_remove_it()
    {
        using SmallDisk disk = new(megabytes: 6);
        using SpoolFile file = SpoolFile.Open(disk["spool.db"], new SpoolOptions { ReservedDiskBytes = MiB }, _time);
        int taken = 0;
        Action fill = () =>
        {
            while (taken < 1000)
            {
                file.Append([NumberedBody.OfSize(taken, 50_000)]);
                taken++;
            }
        };

        fill.Should().Throw<SpoolFullException>().WithMessage("The disk of the spool*");
        taken.Should().BeGreaterThan(20);
        file.Read(0, 100 * MiB, 1000).Should().HaveCount(taken);

        // What nobody reserved is taken by others: the file itself cannot grow any more.
        disk.Fill();
        file.Invoking(f => f.Append([NumberedBody.OfSize(taken, 50_000)])).Should().Throw<SpoolFullException>();
        disk.Free();
        file.Record("a sink", taken, taken);

        file.Bodies.Should().Be(0);
        for (int i = 0; i < 10; i++)
            file.Append([NumberedBody.OfSize(2000 + i, 50_000)]);
        file.Bodies.Should().Be(10);
    }

    [FactNeeding(Capabilities.TemporaryFileSystems)]
    public void A_write_that_fails_on_a_full_disk_leaves_nothing_behind()
    {
        using SmallDisk disk = new(megabytes: 4);
        using SpoolFile file = SpoolFile.Open(disk["spool.db"], new SpoolOptions { ReservedDiskBytes = -100 * MiB }, _time);
        file.Append([Body(1)]);

        // It does not look at the disk before, as where another writer takes the last of it meanwhile.
        disk.Fill();
        file.Invoking(f => f.Append([NumberedBody.OfSize(2, 100_000)])).Should().Throw<SqliteException>();
        disk.Free();

        file.Read(0, MiB, 100).Select(b => b.Sequence).Should().Equal(1);
        file.Append([NumberedBody.OfSize(2, 100_000)]);
        file.Read(0, MiB, 100).Select(b => b.Sequence).Should().Equal(1, 2);
        (file.Bodies, file.Bytes).Should().Be((2, Body(1).Json.Length + 100_000));
    }

    public void Dispose() => _folder.Dispose();

    private SpoolFile Open(SpoolOptions? options = null) => SpoolFile.Open(Path, options ?? new SpoolOptions(), _time);

    private ReceivedBody Body(long number) => NumberedBody.At(_time.Now, number);

    private long Hashes()
    {
        using SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM taken";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
