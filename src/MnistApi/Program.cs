using MnistApi.Access;
using MnistApi.Eval;
using MnistApi.Functions;
using MnistApi.Grpc;
using MnistApi.Health;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.Model;
using MnistApi.OpenApi;
using MnistApi.OpenInference;
using MnistApi.Overload;
using MnistApi.Page;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.Shutdown;
using MnistApi.Startup;
using MnistApi.TensorFlowServing;

if (HealthProbe.IsAskedFor(args))
    return await HealthProbe.RunAsync(Console.Error);

await using var started = await StartupFailure.GuardAsync(Console.Error, async () =>
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddServerAddresses();
    builder.AddTransport();
    builder.AddConnectionLimits();
    builder.AddResponseJson();
    builder.AddLogging();
    builder.AddDraining();
    builder.AddMetrics();
    builder.AddModel();
    builder.AddAccess();
    builder.AddOverload();
    builder.AddPredict();
    builder.AddEval();
    builder.AddGrpcServices();
    builder.AddOpenApiDocument();

    var app = builder.Build();
    app.ValidateOptions();
    app.LoadModel();

    app.UseProxies();
    app.UseDraining();
    app.UseSecurityHeaders();
    app.UseRequestLog();
    app.UseProblems();
    app.UseRouting();
    app.MapOpenApiDocument(); // what can be asked is no secret
    app.UseAccess();

    app.MapPredict();
    app.MapEval();
    app.MapDatasetImages();
    app.MapModel();
    app.MapLayers();
    app.MapActivations();
    app.MapOpenInference();
    app.MapTensorFlowServing();
    app.MapGrpcServices();
    app.MapHealth();
    app.MapMetrics();
    app.MapPage();

    await app.ListenAsync();
    return app;
});
if (started is null)
    return StartupFailure.ExitCode;
await started.WaitForShutdownAsync();
return 0;
