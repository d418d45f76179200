namespace JanusEvents.Spool;

/// <summary>The bound of a spool's pages, and the room of its disk.</summary>
internal sealed class SpoolRoom(SpoolDatabase database, SpoolOptions options)
{
    private const int PageSize = 4096;

    private readonly DriveInfo _drive = new(Path.GetDirectoryName(database.Path)!);

    /// <summary>Makes sure that there is room for some bytes.</summary>
    /// <param name="bytes">The bytes of the bodies to be appended.</param>
    /// <param name="isEmpty">Whether there are no bodies.</param>
    /// <exception cref="SpoolFullException">There is no room.</exception>
    public void Check(long bytes, bool isEmpty)
    {
        long free = database.Number("PRAGMA freelist_count") * PageSize;
        long used = (database.Number("PRAGMA page_count") * PageSize) - free;

        // An empty spool takes a body of any size, which could never be stored otherwise.
        if (used + bytes > options.MaxBytes && !isEmpty)
            throw new SpoolFullException($"The spool {database.Path} is full: {used} bytes are used of {options.MaxBytes}.");

        if (DiskHolds(bytes, free))
            return;

        // Pages moved out of the log long ago still take room on the disk.
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        if (DiskHolds(bytes, free))
            return;

        // So do the pages of expired bodies, and the log has no room besides: without this a spool that was
        // emptied could stay full permanently. The rest is written twice, to which it may use what is reserved.
        if (free >= bytes && used * 2 <= options.ReservedDiskBytes)
        {
            database.Execute("VACUUM");
            database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            free = 0;
        }

        if (!DiskHolds(bytes, free))
            throw new SpoolFullException($"The disk of the spool {database.Path} is full: {_drive.AvailableFreeSpace} bytes are free, and {options.ReservedDiskBytes} are reserved.");
    }

    /// <summary>
    /// Whether the disk has room for what is new in the log, for the growth of the file by it, and for the growth by what
    /// lies in the log already, beside what is reserved.
    /// </summary>
    private bool DiskHolds(long bytes, long freeInFile)
    {
        long toCome = Math.Max(0, (database.Number("PRAGMA page_count") * PageSize) - new FileInfo(database.Path).Length);
        return _drive.AvailableFreeSpace >= options.ReservedDiskBytes + toCome + bytes + Math.Max(0, bytes - freeInFile);
    }
}

/// <summary>The spool has no room; its bodies must be stored elsewhere first.</summary>
internal sealed class SpoolFullException(string message) : Exception(message);
