using JanusEvents.Relational.Connections;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Reading;

/// <summary>Logs the damaged rows of one reading: the first ones each, the others by their number.</summary>
internal sealed class DamagedRowLog(ILogger logger) : IProgress<DamagedRow>
{
    private const int MostLines = 100;

    private long _rows;

    public void Report(DamagedRow value)
    {
        if (++_rows <= MostLines)
            StoreLog.RowDamaged(logger, value.Number, value.Table, value.Reason);
    }

    /// <summary>Logs how many rows were not logged one by one.</summary>
    public void End()
    {
        if (_rows > MostLines)
            StoreLog.MoreRowsDamaged(logger, _rows - MostLines);
    }
}
