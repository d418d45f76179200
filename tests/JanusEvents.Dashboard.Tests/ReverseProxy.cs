using JanusEvents.Testing;

namespace JanusEvents.Dashboard.Tests;

/// <summary>A reverse proxy as Debian packages it, which serves what a host has under <c>/outer/</c>.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private ReverseProxy(TemporaryFolder folder, ChildProcess process, int port) => (_folder, _process, Address) = (folder, process, new Uri($"http://127.0.0.1:{port}"));

    public Uri Address { get; }

    public static async Task<ReverseProxy> StartAsync(string kind, Uri host)
    {
        TemporaryFolder folder = new();
        int port = FreePort.Next();
        string file = folder["proxy.conf"];
        await File.WriteAllTextAsync(file, kind == "nginx" ? Nginx(folder.Path, port, host) : Haproxy(port, host));
        string program = ProgramPath.Require(kind);
        string[] command = kind == "nginx" ? [program, "-p", folder.Path, "-c", file, "-e", folder["error.log"]] : [program, "-db", "-f", file];
        ReverseProxy proxy = new(folder, ChildProcess.Start(command, folder.Path), port);
        try
        {
            using HttpClient http = new();
            await Wait.UntilAsync(
                async () =>
                {
                    try
                    {
                        using HttpResponseMessage answer = await http.GetAsync(new Uri(proxy.Address, "/outer/janus/data/texts"));
                        return answer.IsSuccessStatusCode;
                    }
                    catch (HttpRequestException)
                    {
                        return false;
                    }
                },
                Wait.Limit,
                $"{kind} to pass a request on",
                () => proxy._process.Output);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    // As people configure it, buffering of answers included.
    private static string Nginx(string folder, int port, Uri host) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log;
        events {}
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            server {
                listen 127.0.0.1:{{port}};
                location /outer/ {
                    proxy_pass {{host.GetLeftPart(UriPartial.Authority)}}/;
                    proxy_set_header X-Forwarded-For $remote_addr;
                }
            }
        }
        """;

    private static string Haproxy(int port, Uri host) => $"""
        defaults
          mode http
          timeout connect 5s
          timeout client 1m
          timeout server 1m
        listen proxy
          bind 127.0.0.1:{port}
          option forwardfor
          http-request replace-path /outer(/.*) \1
          server host {host.Authority}

        """;
}
