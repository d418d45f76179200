using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JanusEvents.Testing;

namespace JanusEvents.RabbitMq.Tests.Hosting;

/// <summary>
/// One broker for many tests: it takes messages of at most 1,000,000 bytes, and has TLS with a certificate for <c>localhost</c> by an
/// authority of its own. It starts with the first test that needs it.
/// </summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    /// <summary>How many bytes a message may have.</summary>
    public const int MaxMessageBytes = 1_000_000;

    private static int s_names;

    private readonly Lazy<Task<RabbitMqServer>> _server;

    public BrokerFixture() => _server = new Lazy<Task<RabbitMqServer>>(() => RabbitMqServer.StartAsync(1, Prepare));

    /// <summary>The authority that the broker's certificate is by.</summary>
    public X509Certificate2? Authority { get; private set; }

    /// <summary>A name that no other test uses.</summary>
    public static string NewName() => $"test-{Interlocked.Increment(ref s_names)}";

    /// <summary>The running broker.</summary>
    public Task<RabbitMqServer> ServerAsync() => _server.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _server.Value).DisposeAsync();
        Authority?.Dispose();
    }

    private string[] Prepare(string folder)
    {
        DateTimeOffset begin = DateTimeOffset.UtcNow.AddDays(-1);
        using RSA authorityKey = RSA.Create(2048);
        CertificateRequest authority = new("CN=An authority of the tests", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        Authority = authority.CreateSelfSigned(begin, begin.AddYears(1));

        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(Authority, begin, begin.AddMonths(6), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(folder, "ca.pem"), Authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return
        [
            $"max_message_size = {MaxMessageBytes}",
            "listeners.ssl.1 = {secure}",
            $"ssl_options.cacertfile = {folder}/ca.pem",
            $"ssl_options.certfile = {folder}/cert.pem",
            $"ssl_options.keyfile = {folder}/key.pem",
            "ssl_options.verify = verify_none",
            "ssl_options.fail_if_no_peer_cert = false",
        ];
    }
}
