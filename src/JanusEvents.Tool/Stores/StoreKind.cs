namespace JanusEvents.Tool.Stores;

/// <summary>What <c>JanusEvents:Store</c> may be.</summary>
internal enum StoreKind
{
    /// <summary>One file.</summary>
    Sqlite,

    /// <summary>A MySQL or MariaDB server.</summary>
    MySql,
}
