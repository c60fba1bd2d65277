using System.Text.Json.Serialization;
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
using MnistApi.Shutdown;
using MnistApi.Startup;
using MnistApi.TensorFlowServing;

if (HealthProbe.IsAskedFor(args))
    return await HealthProbe.RunAsync(Console.Error);

await using var started = await StartupFailure.GuardAsync(Console.Error, async () =>
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddKeyFile();
    var settings = Settings.Read(builder.Configuration);
    builder.AddServerAddresses();
    builder.AddTransport();
    builder.AddConnectionLimits();
    builder.Services.ConfigureHttpJsonOptions(json =>
        json.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals); // softmax as written gives NaN
    builder.AddLogging(settings.RequestLog);
    builder.AddDraining(settings.Shutdown);
    builder.AddMetrics(settings.Metrics);
    builder.Services.AddSingleton(LoadedModel.Load(settings.Model)); // a bad file ends the start
    builder.AddAccess(settings.Access);
    builder.AddOverload(settings.Overload, settings.Limits);
    builder.AddPredict(settings.Limits);
    builder.AddEval(settings.Dataset);
    builder.AddGrpcServices(settings.Grpc, settings.Limits);
    builder.AddOpenApiDocument(settings.Access);
    builder.AddPage();

    var app = builder.Build();
    app.UseProxies(settings.Access);
    app.UsePathPrefix();
    app.UseDraining();
    app.UseSecurityHeaders();
    app.UseRequestLog();
    app.UseProblems();
    app.UseHead();
    app.UseRouting();
    app.MapOpenApiDocument(); // what can be asked is no secret
    app.UseAccess(settings.Access);

    app.MapPredict();
    app.MapEval();
    app.MapDatasetImages();
    app.MapModel();
    app.MapLayers();
    app.MapActivations();
    app.MapOpenInference();
    app.MapTensorFlowServing();
    app.MapGrpcServices(settings.Grpc);
    app.MapHealth();
    app.MapMetrics(settings.Metrics);
    app.MapPage();

    await app.ListenAsync();
    return app;
});
if (started is null)
    return 1;
await started.DrainAsync();
return 0;
