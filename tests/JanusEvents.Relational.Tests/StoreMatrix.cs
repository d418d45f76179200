using JanusEvents.Relational.Tests.AtHome;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

// The tests of stores, and the stores that they run on. Those of one database only, and those that a database does in a way of
// its own, are in its folder. Of those on MySQL 5.6, which has what it stores and reads in common with MariaDB, a part is Slow.

public sealed class SqliteCaptureTests() : CaptureTests(TestStores.Sqlite);
public sealed class MariaDbCaptureTests(MariaDbFixture server) : CaptureTests(TestStores.On(server));
public sealed class MySql56CaptureTests(MySql56Fixture server) : CaptureTests(TestStores.On(server))
{
    /// <summary>MariaDB has all of them.</summary>
    public static new IEnumerable<TheoryDataRow<string>> CaptureNames => Captures.AllWithMostOfThemSlow;
}

public sealed class SqliteComparisonTests() : ComparisonTests(TestStores.Sqlite);
public sealed class MariaDbComparisonTests(MariaDbFixture server) : ComparisonTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56ComparisonTests(MySql56Fixture server) : ComparisonTests(TestStores.On(server));

public sealed class SqliteEarlierFactTests() : EarlierFactTests(TestStores.Sqlite);
public sealed class MariaDbEarlierFactTests(MariaDbFixture server) : EarlierFactTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56EarlierFactTests(MySql56Fixture server) : EarlierFactTests(TestStores.On(server));

public sealed class SqliteFactTests() : FactTests(TestStores.Sqlite);
public sealed class MariaDbFactTests(MariaDbFixture server) : FactTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56FactTests(MySql56Fixture server) : FactTests(TestStores.On(server));

public sealed class MariaDbForeignRowTests(MariaDbFixture server) : ForeignRowTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56ForeignRowTests(MySql56Fixture server) : ForeignRowTests(TestStores.On(server));

public sealed class SqliteGeneratedEventTests() : GeneratedEventTests(TestStores.SqliteFile);
public sealed class MariaDbGeneratedEventTests(MariaDbFixture server) : GeneratedEventTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56GeneratedEventTests(MySql56Fixture server) : GeneratedEventTests(TestStores.On(server));

public sealed class SqliteMadeAgainTests() : MadeAgainTests(TestStores.Sqlite);
public sealed class MariaDbMadeAgainTests(MariaDbFixture server) : MadeAgainTests(TestStores.On(server));

public sealed class SqliteNameIsNotOwnershipTests() : NameIsNotOwnershipTests(TestStores.Sqlite);
public sealed class MariaDbNameIsNotOwnershipTests(MariaDbFixture server) : NameIsNotOwnershipTests(TestStores.On(server));

public sealed class SqliteNeverTwiceTests() : NeverTwiceTests(TestStores.Sqlite);
public sealed class MariaDbNeverTwiceTests(MariaDbFixture server) : NeverTwiceTests(TestStores.On(server));
public sealed class MySql56NeverTwiceTests(MySql56Fixture server) : NeverTwiceTests(TestStores.On(server));

public sealed class SqlitePageTests() : PageTests(TestStores.Sqlite);
public sealed class MariaDbPageTests(MariaDbFixture server) : PageTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56PageTests(MySql56Fixture server) : PageTests(TestStores.On(server));

public sealed class SqlitePeerConnectionStoreTests() : PeerConnectionStoreTests(TestStores.Sqlite);
public sealed class MariaDbPeerConnectionStoreTests(MariaDbFixture server) : PeerConnectionStoreTests(TestStores.On(server));
public sealed class MySql56PeerConnectionStoreTests(MySql56Fixture server) : PeerConnectionStoreTests(TestStores.On(server));

public sealed class SqliteReadingTests() : ReadingTests(TestStores.Sqlite);
public sealed class MariaDbReadingTests(MariaDbFixture server) : ReadingTests(TestStores.On(server));
public sealed class MySql56ReadingTests(MySql56Fixture server) : ReadingTests(TestStores.On(server));

public sealed class SqliteRejectionTests() : RejectionTests(TestStores.Sqlite);
public sealed class MariaDbRejectionTests(MariaDbFixture server) : RejectionTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56RejectionTests(MySql56Fixture server) : RejectionTests(TestStores.On(server));

public sealed class SqliteRetentionRateTests(ITestOutputHelper output) : RetentionRateTests(output, TestStores.Sqlite);
public sealed class MariaDbRetentionRateTests(MariaDbFixture server, ITestOutputHelper output) : RetentionRateTests(output, TestStores.On(server));

public sealed class SqliteRetentionTests() : RetentionTests(TestStores.Sqlite);
public sealed class MariaDbRetentionTests(MariaDbFixture server) : RetentionTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56RetentionTests(MySql56Fixture server) : RetentionTests(TestStores.On(server));

public sealed class SqliteRoomStoreTests() : RoomStoreTests(TestStores.Sqlite);
public sealed class MariaDbRoomStoreTests(MariaDbFixture server) : RoomStoreTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56RoomStoreTests(MySql56Fixture server) : RoomStoreTests(TestStores.On(server));

public sealed class SqliteRoomTests() : RoomTests(TestStores.Sqlite);
public sealed class MariaDbRoomTests(MariaDbFixture server) : RoomTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56RoomTests(MySql56Fixture server) : RoomTests(TestStores.On(server));

public sealed class SqliteRoundTripTests() : RoundTripTests(TestStores.SqliteFile);
public sealed class MariaDbRoundTripTests(MariaDbFixture server) : RoundTripTests(TestStores.On(server));
public sealed class MySql56RoundTripTests(MySql56Fixture server) : RoundTripTests(TestStores.On(server))
{
    /// <summary>MariaDB has all of them.</summary>
    public static new IEnumerable<TheoryDataRow<string>> CaptureNames => Captures.AllWithMostOfThemSlow;
}

public sealed class SqliteTableQuestionTests() : TableQuestionTests(TestStores.Sqlite);
public sealed class MariaDbTableQuestionTests(MariaDbFixture server) : TableQuestionTests(TestStores.On(server));
[Trait("Category", "Slow")]
public sealed class MySql56TableQuestionTests(MySql56Fixture server) : TableQuestionTests(TestStores.On(server));

public sealed class SqliteTableTests() : TableTests(TestStores.Sqlite);
public sealed class MariaDbTableTests(MariaDbFixture server) : TableTests(TestStores.On(server));
public sealed class MySql56TableTests(MySql56Fixture server) : TableTests(TestStores.On(server));

public sealed class SqliteTakenViewTests() : TakenViewTests(TestStores.Sqlite);
public sealed class MariaDbTakenViewTests(MariaDbFixture server) : TakenViewTests(TestStores.On(server));

public sealed class SqliteTroubleStoreTests() : TroubleStoreTests(TestStores.Sqlite);
public sealed class MariaDbTroubleStoreTests(MariaDbFixture server) : TroubleStoreTests(TestStores.On(server));
public sealed class MySql56TroubleStoreTests(MySql56Fixture server) : TroubleStoreTests(TestStores.On(server));

public sealed class SqliteValueTests() : ValueTests(TestStores.Sqlite);
public sealed class MariaDbValueTests(MariaDbFixture server) : ValueTests(TestStores.On(server));
public sealed class MySql56ValueTests(MySql56Fixture server) : ValueTests(TestStores.On(server));
