using Microsoft.Extensions.Hosting;

namespace JanusEvents.Mqtt.Tests.Hosting;

/// <summary>Reads the numbers of the events that a host of its own process stores in a SQLite file.</summary>
internal sealed class StoredNumbers : IDisposable
{
    private readonly IHost _host;

    public StoredNumbers(string file)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddJanusEvents().AddSqlite($"Data Source={file}");
        _host = builder.Build();
    }

    public async Task<List<long>> ReadAsync()
    {
        List<long> numbers = [];
        await foreach (JanusEvent e in _host.Services.GetRequiredService<IEventStore>().ReadAsync(new EventQuery(), default))
            numbers.Add(e.SessionId!.Value);
        return numbers;
    }

    public void Dispose() => _host.Dispose();
}
