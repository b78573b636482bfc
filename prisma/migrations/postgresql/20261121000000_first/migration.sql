-- CreateTable
CREATE TABLE "Head" (
    "id" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "commits" BIGINT NOT NULL,
    "weekEnds" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Job" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "params" TEXT NOT NULL,
    "kernelHash" TEXT NOT NULL,
    "taskCount" INTEGER NOT NULL,
    "trust" TEXT NOT NULL,
    "devices" TEXT NOT NULL,
    "submitter" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "tasksDone" INTEGER NOT NULL DEFAULT 0,
    "startedAt" BIGINT,
    "finishedAt" BIGINT,
    "error" TEXT,
    "waiting" TEXT,
    "unchecked" INTEGER NOT NULL DEFAULT 0,
    "credit" BIGINT NOT NULL DEFAULT 0,
    "pendingCredit" BIGINT NOT NULL DEFAULT 0,
    "overheadExpected" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "overheadMeasured" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "secondsLeft" DOUBLE PRECISION,
    "outputBytes" BIGINT NOT NULL DEFAULT 0,
    "hasOutputs" BOOLEAN NOT NULL DEFAULT true,
    "doubted" INTEGER NOT NULL DEFAULT 0,
    "history" INTEGER NOT NULL DEFAULT 0,
    "deletedAt" BIGINT,
    "litter" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Run" (
    "jobId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "from" INTEGER NOT NULL,
    "to" INTEGER NOT NULL,
    "deviceId" TEXT NOT NULL,
    "volunteerId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "offset" BIGINT,
    "lengths" BYTEA NOT NULL,
    "prices" BYTEA NOT NULL,
    "digests" BYTEA NOT NULL,

    CONSTRAINT "Run_pkey" PRIMARY KEY ("jobId","seq")
);

-- CreateTable
CREATE TABLE "Decision" (
    "jobId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "from" INTEGER NOT NULL,
    "to" INTEGER NOT NULL,
    "deviceId" TEXT,
    "detail" TEXT NOT NULL,

    CONSTRAINT "Decision_pkey" PRIMARY KEY ("jobId","seq")
);

-- CreateTable
CREATE TABLE "Ledger" (
    "jobId" TEXT NOT NULL,
    "volunteerId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "tasks" BIGINT NOT NULL,
    "credit" BIGINT NOT NULL,
    "computeMs" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "Ledger_pkey" PRIMARY KEY ("jobId","volunteerId","deviceId","day")
);

-- CreateTable
CREATE TABLE "VolunteerTotal" (
    "volunteerId" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "tasks" BIGINT NOT NULL,
    "credit" BIGINT NOT NULL,
    "recent" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "VolunteerTotal_pkey" PRIMARY KEY ("volunteerId","period")
);

-- CreateTable
CREATE TABLE "DeviceTotal" (
    "deviceId" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "tasks" BIGINT NOT NULL,
    "credit" BIGINT NOT NULL,
    "recent" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "DeviceTotal_pkey" PRIMARY KEY ("deviceId","period")
);

-- CreateTable
CREATE TABLE "Volunteer" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "hidden" BOOLEAN NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Volunteer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Device" (
    "id" TEXT NOT NULL,
    "volunteerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "threads" INTEGER NOT NULL,
    "cores" INTEGER NOT NULL,
    "platform" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "host" BOOLEAN NOT NULL,
    "removed" BOOLEAN NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,

    CONSTRAINT "Device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Standing" (
    "deviceId" TEXT NOT NULL,
    "standing" TEXT NOT NULL,

    CONSTRAINT "Standing_pkey" PRIMARY KEY ("deviceId")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "jobId" TEXT,
    "deviceId" TEXT,
    "what" TEXT NOT NULL,

    CONSTRAINT "Event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Job_createdAt_id_idx" ON "Job"("createdAt", "id");

-- CreateIndex
CREATE INDEX "Job_status_createdAt_idx" ON "Job"("status", "createdAt");

-- CreateIndex
CREATE INDEX "Ledger_deviceId_jobId_idx" ON "Ledger"("deviceId", "jobId");

-- CreateIndex
CREATE INDEX "VolunteerTotal_period_credit_volunteerId_idx" ON "VolunteerTotal"("period", "credit" DESC, "volunteerId");

-- CreateIndex
CREATE INDEX "DeviceTotal_period_credit_deviceId_idx" ON "DeviceTotal"("period", "credit" DESC, "deviceId");

-- CreateIndex
CREATE UNIQUE INDEX "Volunteer_tokenHash_key" ON "Volunteer"("tokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "Device_tokenHash_key" ON "Device"("tokenHash");

-- CreateIndex
CREATE INDEX "Device_createdAt_id_idx" ON "Device"("createdAt", "id");

-- CreateIndex
CREATE INDEX "Device_lastSeenAt_idx" ON "Device"("lastSeenAt");

-- CreateIndex
CREATE INDEX "Device_volunteerId_idx" ON "Device"("volunteerId");

-- CreateIndex
CREATE INDEX "Event_jobId_id_idx" ON "Event"("jobId", "id");

-- CreateIndex
CREATE INDEX "Event_deviceId_id_idx" ON "Event"("deviceId", "id");

-- The one row there is.
INSERT INTO "Head" ("id", "epoch", "commits") VALUES (1, 0, 0);
