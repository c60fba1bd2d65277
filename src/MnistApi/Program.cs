using MnistApi.Eval;
using MnistApi.Functions;
using MnistApi.Health;
using MnistApi.Logging;
using MnistApi.Model;
using MnistApi.OpenApi;
using MnistApi.Page;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.Startup;

if (HealthProbe.IsAskedFor(args))
    return await HealthProbe.RunAsync(Console.Error);

await using var started = await StartupFailure.GuardAsync(Console.Error, async () =>
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddServerAddresses();
    builder.AddTransport();
    builder.AddLogging();
    builder.AddModel();
    builder.AddPredict();
    builder.AddEval();
    builder.AddOpenApiDocument();

    var app = builder.Build();
    app.ValidateOptions();
    app.LoadModel();

    app.UseRequestLog();
    app.UseProblems();

    app.MapPredict();
    app.MapEval();
    app.MapDatasetImages();
    app.MapModel();
    app.MapLayers();
    app.MapActivations();
    app.MapHealth();
    app.MapOpenApiDocument();
    app.MapPage();

    await app.ListenAsync();
    return app;
});
if (started is null)
    return StartupFailure.ExitCode;
await started.WaitForShutdownAsync();
return 0;
