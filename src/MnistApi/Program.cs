using MnistApi.Access;
using MnistApi.Eval;
using MnistApi.Functions;
using MnistApi.Grpc;
using MnistApi.Health;
using MnistApi.Logging;
using MnistApi.Metrics;
using MnistApi.OpenApi;
using MnistApi.OpenInference;
using MnistApi.Overload;
using MnistApi.Page;
using MnistApi.Shutdown;
using MnistApi.Startup;
using MnistApi.TensorFlowServing;

if (args is ["--health"])
    return await HealthProbe.RunAsync(Console.Error);

WebApplication app;
try
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddKeyFile();
    var settings = Settings.Read(builder.Configuration);
    builder.AddServerAddresses();
    builder.AddTransport();
    builder.AddConnectionLimits();
    ResponseJson.Add(builder.Services);
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

    app = builder.Build();
    app.UseTransport();
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
    app.MapModel();
    app.MapActivations();
    app.MapOpenInference();
    app.MapTensorFlowServing();
    app.MapGrpcServices(settings.Grpc);
    app.MapHealth();
    app.MapMetrics(settings.Metrics);
    app.MapPage();

    await app.ListenAsync();
}
catch (Exception failure) when (failure is not HostAbortedException) // a message instead of a stack trace
{
    await Console.Error.WriteLineAsync($"MnistApi cannot start: {StartupException.Sentence(failure)}");
    return 1;
}
await using var started = app;
await app.DrainAsync();
return 0;
