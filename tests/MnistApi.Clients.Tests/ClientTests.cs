using System.Diagnostics;
using MnistApi.TestData;
using MnistApi.Tests.Startup;

namespace MnistApi.Clients.Tests;

/// <summary>Clients that nobody here wrote, or that were generated from the
/// document, against the service in a process of its own.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private const string DocumentPath = "/swagger/v1/swagger.json";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private static readonly string s_folder = Clone.PathOf("tests", "MnistApi.Clients.Tests");
    private static readonly string s_png = Clone.PathOf("tests", "MnistApi.TestData", "seven.png");
    private static readonly bool s_isRequired = Environment.GetEnvironmentVariable("NODE_REQUIRED") == "1";

    private readonly int _grpcPort = FreePort.Find();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("clients");
    private ServiceProcess? _service;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        _temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task Grpc_js_speaks_with_the_service()
    {
        await StartAsync();
        var proto = Clone.PathOf("src", "MnistApi", "Grpc", "open_inference.proto");
        await RunAsync("node", "grpc.mjs", $"127.0.0.1:{_grpcPort}", proto, s_png);
    }

    [Fact]
    public async Task Fetch_speaks_with_the_service_and_every_body_fits_its_schema() =>
        await RunAsync("node", "rest.mjs", (await StartAsync()).ToString().TrimEnd('/'), s_png);

    [Fact]
    public async Task Linters_have_nothing_to_say_of_the_document()
    {
        await StartAsync();
        await RunAsync("node", "lint.mjs", await DocumentAsync());
    }

    [Fact]
    public async Task A_generated_typescript_client_compiles_and_works()
    {
        var url = await StartAsync();
        foreach (var file in new[] { "client.ts", "tsconfig.json" })
            File.Copy(Path.Combine(s_folder, "typescript", file), Path.Combine(_temporary.FullName, file));
        await File.WriteAllTextAsync(
            Path.Combine(_temporary.FullName, "package.json"), """{"type":"module"}""", TestContext.Current.CancellationToken);
        await RunAsync("node", "node_modules/openapi-typescript/bin/cli.js", new Uri(url, DocumentPath).ToString(),
            "--output", Path.Combine(_temporary.FullName, "openapi.d.ts"));
        await RunAsync("node", "node_modules/typescript/bin/tsc", "--project", _temporary.FullName);
        await RunAsync("node", Path.Combine(_temporary.FullName, "client.js"), url.ToString().TrimEnd('/'));
    }

    [Fact]
    public async Task A_generated_csharp_client_compiles_and_works()
    {
        var url = await StartAsync();
        foreach (var file in new[] { "Program.cs", "Client.csproj" })
            File.Copy(Path.Combine(s_folder, "csharp", file), Path.Combine(_temporary.FullName, file));
        await RunAsync("dotnet", "tool", "restore");
        await RunAsync("dotnet", "nswag", "openapi2csclient", $"/input:{await DocumentAsync()}",
            $"/output:{Path.Combine(_temporary.FullName, "Client.cs")}",
            "/namespace:Generated", "/className:MnistClient", "/jsonLibrary:SystemTextJson", "/generateOptionalPropertiesAsNullable:true");
        await RunAsync("dotnet", "run", "--project", _temporary.FullName, "--", url.ToString());
    }

    /// <summary>Starts the service; skips the test where there is nothing to try it with.</summary>
    private async Task<Uri> StartAsync()
    {
        var isInstalled = Directory.Exists(Path.Combine(s_folder, "node_modules"));
        Assert.SkipUnless(isInstalled || s_isRequired,
            "needs Node and, in tests/MnistApi.Clients.Tests, 'npm ci --ignore-scripts'; with NODE_REQUIRED=1 it fails instead");
        Assert.True(isInstalled, "'npm ci --ignore-scripts' has not been run in tests/MnistApi.Clients.Tests");
        _service = new ServiceProcess(["--urls", "http://127.0.0.1:0"], ("Grpc__Port", $"{_grpcPort}"));
        using var client = await _service.ClientAsync();
        return client.BaseAddress!;
    }

    private async Task<string> DocumentAsync()
    {
        using var client = await _service!.ClientAsync();
        var path = Path.Combine(_temporary.FullName, "openapi.json");
        await File.WriteAllTextAsync(
            path, await client.GetStringAsync(DocumentPath, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        return path;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = s_folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken)
                .WaitAsync(s_patience, TestContext.Current.CancellationToken);
        }
        catch (Exception)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}\n{await output}{await error}");
    }
}
