-- AlterTable
ALTER TABLE "Head" ADD COLUMN     "poolId" TEXT NOT NULL DEFAULT '';
